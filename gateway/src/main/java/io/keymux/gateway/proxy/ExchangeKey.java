package io.keymux.gateway.proxy;

import org.springframework.web.server.ServerWebExchange;

/**
 * A typed place in an exchange, where one filter leaves what later ones need.
 *
 * @param <T> what is left there
 */
final class ExchangeKey<T> {

	private final String name;

	private final Class<T> type;

	private ExchangeKey(Class<T> type) {
		this.name = type.getName();
		this.type = type;
	}

	static <T> ExchangeKey<T> of(Class<T> type) {
		return new ExchangeKey<>(type);
	}

	void set(ServerWebExchange exchange, T value) {
		exchange.getAttributes().put(this.name, value);
	}

	/** What an earlier filter left; an earlier filter always does. */
	T get(ServerWebExchange exchange) {
		Object value = exchange.getAttributes().get(this.name);
		if (value == null) {
			throw new IllegalStateException("No earlier filter left a " + this.type.getSimpleName());
		}
		return this.type.cast(value);
	}

}
