package io.keymux.gateway.limit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks of one limit.
 *
 * @param subject whom the limit is for
 * @param measure what is limited
 * @param limit the limit; money in {@link #MONEY_UNITS}
 * @param amount how much is asked for, an estimate for tokens and money
 * @param from when a quota's period began, or null
 * @param until when a quota's period ends, or null
 */
public record Demand(Subject subject, Measure measure, long limit, long amount, @Nullable Instant from,
		@Nullable Instant until) {

	/** Parts of a dollar that money is counted in. */
	public static final long MONEY_UNITS = 100_000_000;

	/**
	 * A demand on a limit that is no quota.
	 * @param subject whom the limit is for
	 * @param measure what is limited
	 * @param limit the limit
	 * @param amount how much is asked for
	 * @return the demand
	 */
	public static Demand of(Subject subject, Measure measure, long limit, long amount) {
		return new Demand(subject, measure, limit, amount, null, null);
	}

	/**
	 * Money as it is counted here.
	 * @param dollars US dollars
	 * @return units
	 */
	public static long units(BigDecimal dollars) {
		return dollars.multiply(BigDecimal.valueOf(MONEY_UNITS)).setScale(0, RoundingMode.HALF_UP).longValueExact();
	}

	/**
	 * Money as people count it.
	 * @param units units
	 * @return US dollars
	 */
	public static BigDecimal dollars(long units) {
		return BigDecimal.valueOf(units).divide(BigDecimal.valueOf(MONEY_UNITS));
	}

	/**
	 * As much of the amount as can ever be let through at once: what is larger than the
	 * whole limit needs all of it.
	 */
	long bounded() {
		return Math.min(this.amount, this.limit);
	}

	/** Names what is counted, the same on every node. */
	String key() {
		return this.subject.key() + ":" + this.measure.key()
				+ ((this.from != null) ? ":" + this.from.getEpochSecond() : "");
	}

}
