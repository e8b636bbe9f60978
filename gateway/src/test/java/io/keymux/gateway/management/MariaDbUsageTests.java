package io.keymux.gateway.management;

/** Usage on a real MariaDB server. */
@OnMariaDb
class MariaDbUsageTests extends UsageContract {

}
