package io.keymux.gateway.management;

/** The management API on the embedded database. */
@OnH2
class H2ManagementApiTests extends ManagementApiContract {

}
