package io.keymux.gateway.limit;

import java.math.BigDecimal;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A quota of which much is used.
 *
 * @param event always {@code quota}
 * @param of what it is for, such as {@code access-key}
 * @param name whose it is
 * @param kind {@code token-quota} or {@code cost-quota}
 * @param percent 80 or 100
 * @param used tokens or US dollars that are used
 * @param limit tokens or US dollars there are
 * @param until when the period ends
 */
record QuotaAlert(String event, String of, String name, String kind, int percent, BigDecimal used, BigDecimal limit,
		@Nullable Instant until) {

	static QuotaAlert of(Demand demand, int percent, long used) {
		return new QuotaAlert("quota", demand.subject().kind().key(), demand.subject().name(), demand.measure().key(),
				percent, shown(demand, used), shown(demand, demand.limit()), demand.until());
	}

	private static BigDecimal shown(Demand demand, long amount) {
		return (demand.measure() == Measure.COST_QUOTA) ? Demand.dollars(amount) : BigDecimal.valueOf(amount);
	}

}
