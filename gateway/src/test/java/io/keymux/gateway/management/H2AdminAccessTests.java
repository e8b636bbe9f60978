package io.keymux.gateway.management;

/** Access to the management API on the embedded database. */
@OnH2
class H2AdminAccessTests extends AdminAccessContract {

}
