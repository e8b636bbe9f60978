package io.keymux.gateway.limit;

import java.math.BigDecimal;
import java.time.Instant;

/** Knows what was used, also before this process began. */
public interface Consumption {

	/**
	 * What was used in a period. May block.
	 * @param subject an access key or a group
	 * @param from when the period began
	 * @param until when it ends
	 * @return tokens and cost
	 */
	Used used(Subject subject, Instant from, Instant until);

	/**
	 * What was used.
	 *
	 * @param tokens tokens, input and output
	 * @param cost US dollars
	 */
	record Used(long tokens, BigDecimal cost) {
	}

}
