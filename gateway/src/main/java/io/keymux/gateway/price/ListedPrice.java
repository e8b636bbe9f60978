package io.keymux.gateway.price;

import org.jspecify.annotations.Nullable;

/**
 * A price of the list: shipped, or set by an operator.
 *
 * @param id identity of an operator's price, or null if shipped
 * @param price the price
 */
public record ListedPrice(@Nullable Long id, Price price) {
}
