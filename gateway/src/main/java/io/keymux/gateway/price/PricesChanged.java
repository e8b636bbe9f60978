package io.keymux.gateway.price;

import io.keymux.gateway.cluster.ChangeNotice;

/** Change notice: prices were added, changed or deleted, and the change is committed. */
public record PricesChanged() implements ChangeNotice {
}
