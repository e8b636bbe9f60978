package io.keymux.gateway.management;

/** Sessions of the management API on a real MariaDB server. */
@OnMariaDb
class MariaDbSessionTests extends SessionContract {

}
