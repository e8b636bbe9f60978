package io.keymux.gateway.management;

/** The settings API on a real MariaDB server. */
@OnMariaDb
class MariaDbSettingsTests extends SettingsContract {

}
