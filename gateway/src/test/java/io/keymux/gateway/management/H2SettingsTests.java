package io.keymux.gateway.management;

/** The settings API on the embedded database. */
@OnH2
class H2SettingsTests extends SettingsContract {

}
