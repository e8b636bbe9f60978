package io.keymux.gateway.management;

/** Secrets of groups on the embedded database. */
@OnH2
class H2SecretsTests extends SecretsContract {

}
