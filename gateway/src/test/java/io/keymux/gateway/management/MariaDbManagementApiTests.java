package io.keymux.gateway.management;

/** The management API on a real MariaDB server. */
@OnMariaDb
class MariaDbManagementApiTests extends ManagementApiContract {

}
