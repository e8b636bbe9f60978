package io.keymux.gateway.limit;

import java.math.BigDecimal;

import io.keymux.gateway.problem.FieldErrors;
import org.jspecify.annotations.Nullable;

/**
 * How much may be done in a minute or at once.
 *
 * @param requestsPerMinute requests in a minute, or null for any number
 * @param tokensPerMinute tokens in a minute, input and output, or null for any number
 * @param concurrency requests at once, or null for any number
 */
public record Limits(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute, @Nullable Integer concurrency) {

	private static final Limits NONE = new Limits(null, null, null);

	/** No limit. */
	public static Limits none() {
		return NONE;
	}

	/** Whether there is no limit at all. */
	public boolean unlimited() {
		return equals(NONE);
	}

	/**
	 * Tells what breaks the rules.
	 * @param field path of these limits, with a dot at its end, or empty
	 * @param errors takes it in
	 */
	public void check(String field, FieldErrors errors) {
		checkPositive(errors, field + "requestsPerMinute", this.requestsPerMinute);
		checkPositive(errors, field + "tokensPerMinute", this.tokensPerMinute);
		checkPositive(errors, field + "concurrency", this.concurrency);
	}

	static void checkPositive(FieldErrors errors, String field, @Nullable Number number) {
		errors.check(number == null || new BigDecimal(number.toString()).signum() > 0, field,
				"%s (expected: above 0, or null for no limit)".formatted(number));
	}

}
