package io.keymux.gateway.management;

/** Prices on the embedded database. */
@OnH2
class H2PriceTests extends PriceContract {

}
