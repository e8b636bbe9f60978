package io.keymux.gateway.price;

import java.math.BigDecimal;
import java.time.Instant;

import io.keymux.gateway.token.TokenUsage;
import org.jspecify.annotations.Nullable;

/** Tells what a request cost. */
public interface Prices {

	/**
	 * The cost of a request.
	 * @param provider name of the provider
	 * @param model model as it was sent
	 * @param at when the request was made; the prices of that day count
	 * @param tokens what it used
	 * @return US dollars, or null if no price is known
	 */
	@Nullable BigDecimal cost(String provider, String model, Instant at, TokenUsage tokens);

}
