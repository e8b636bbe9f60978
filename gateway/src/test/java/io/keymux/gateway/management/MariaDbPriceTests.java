package io.keymux.gateway.management;

/** Prices on a real MariaDB server. */
@OnMariaDb
class MariaDbPriceTests extends PriceContract {

}
