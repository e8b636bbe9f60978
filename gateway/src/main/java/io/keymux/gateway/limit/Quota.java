package io.keymux.gateway.limit;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.keymux.gateway.problem.FieldErrors;
import org.jspecify.annotations.Nullable;

/**
 * How much may be used in a period.
 *
 * @param tokens tokens, input and output, or null for any number
 * @param cost cost in US dollars, or null for any
 * @param per the period
 */
public record Quota(@Nullable Long tokens, @Nullable BigDecimal cost, Period per) {

	/** Above this no amount of money can be counted exactly. */
	private static final BigDecimal MAX_COST = BigDecimal.valueOf(10_000_000);

	/**
	 * Tells what breaks the rules.
	 * @param field path of the quota
	 * @param errors takes it in
	 */
	public void check(String field, FieldErrors errors) {
		Limits.checkPositive(errors, field + ".tokens", this.tokens);
		Limits.checkPositive(errors, field + ".cost", this.cost);
		errors.check(this.cost == null || this.cost.compareTo(MAX_COST) <= 0, field + ".cost",
				"%s (expected: at most %s)".formatted(this.cost, MAX_COST));
		errors.check(this.tokens != null || this.cost != null, field, "nothing (expected: tokens, cost or both)");
	}

	/** How long a quota lasts. */
	public enum Period {

		/** A day in UTC. */
		@JsonProperty("day")
		DAY,

		/** A calendar month in UTC. */
		@JsonProperty("month")
		MONTH;

		/**
		 * When the period began that a time is in.
		 * @param time any time
		 * @return midnight in UTC
		 */
		public Instant start(Instant time) {
			return first(time).atStartOfDay(ZoneOffset.UTC).toInstant();
		}

		/**
		 * When the next period begins.
		 * @param time any time
		 * @return midnight in UTC
		 */
		public Instant end(Instant time) {
			LocalDate first = first(time);
			return ((this == DAY) ? first.plusDays(1) : first.plusMonths(1)).atStartOfDay(ZoneOffset.UTC).toInstant();
		}

		private LocalDate first(Instant time) {
			LocalDate day = LocalDate.ofInstant(time, ZoneOffset.UTC);
			return (this == DAY) ? day : day.withDayOfMonth(1);
		}

	}

}
