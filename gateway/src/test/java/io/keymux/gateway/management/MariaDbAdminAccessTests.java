package io.keymux.gateway.management;

/** Access to the management API on a real MariaDB server. */
@OnMariaDb
class MariaDbAdminAccessTests extends AdminAccessContract {

}
