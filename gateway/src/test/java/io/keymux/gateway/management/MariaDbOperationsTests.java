package io.keymux.gateway.management;

/** Long jobs and the audit log on a real MariaDB server. */
@OnMariaDb
class MariaDbOperationsTests extends OperationsContract {

}
