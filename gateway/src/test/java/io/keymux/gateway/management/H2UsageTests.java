package io.keymux.gateway.management;

/** Usage on the embedded database. */
@OnH2
class H2UsageTests extends UsageContract {

}
