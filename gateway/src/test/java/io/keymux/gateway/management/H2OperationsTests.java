package io.keymux.gateway.management;

/** Long jobs and the audit log on the embedded database. */
@OnH2
class H2OperationsTests extends OperationsContract {

}
