package io.keymux.gateway.management;

/** Export and import of the configuration on a real MariaDB server. */
@OnMariaDb
class MariaDbConfigurationTests extends ConfigurationContract {

}
