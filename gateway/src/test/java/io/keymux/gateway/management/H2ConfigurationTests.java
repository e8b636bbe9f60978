package io.keymux.gateway.management;

/** Export and import of the configuration on the embedded database. */
@OnH2
class H2ConfigurationTests extends ConfigurationContract {

}
