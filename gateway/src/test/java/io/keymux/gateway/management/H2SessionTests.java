package io.keymux.gateway.management;

/** Sessions of the management API on the embedded database. */
@OnH2
class H2SessionTests extends SessionContract {

}
