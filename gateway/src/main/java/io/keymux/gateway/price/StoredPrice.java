package io.keymux.gateway.price;

/**
 * A price an operator has set.
 *
 * @param id its identity
 * @param price the price
 * @param version number that grows with each change of it
 */
public record StoredPrice(long id, Price price, long version) {
}
