package io.keymux.gateway.management;

/** Request records on the embedded database. */
@OnH2
class H2RecordsTests extends RecordsContract {

}
