package io.keymux.gateway.management;

/** Secrets of groups on a real MariaDB server. */
@OnMariaDb
class MariaDbSecretsTests extends SecretsContract {

}
