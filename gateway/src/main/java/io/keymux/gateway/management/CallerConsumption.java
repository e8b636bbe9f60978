package io.keymux.gateway.management;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.limit.Demand;
import io.keymux.gateway.limit.Demands;
import io.keymux.gateway.limit.Limiter;
import io.keymux.gateway.limit.Limits;
import io.keymux.gateway.limit.Measure;
import io.keymux.gateway.limit.Quota;
import io.keymux.gateway.limit.Standing;
import io.keymux.gateway.limit.Subject;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/** Tells what callers have used up of their limits. */
@Component
class CallerConsumption {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Limiter limiter;

	private final InstantSource time;

	CallerConsumption(Limiter limiter, InstantSource time) {
		this.limiter = limiter;
		this.time = time;
	}

	/** What an access key has used up. Blocks. */
	ConsumptionBody of(long id, String name, Limits limits, @Nullable Quota quota) {
		Subject subject = Subject.accessKey(id, name);
		Instant now = this.time.instant();
		List<Demand> demands = Demands.ofNothing(now).add(subject, limits).add(subject, quota).list();
		Map<Measure, Standing> standings = new EnumMap<>(Measure.class);
		if (!demands.isEmpty()) {
			List<Standing> read = this.limiter.read(demands).block(PATIENCE);
			if (read != null) {
				read.forEach((standing) -> standings.put(standing.demand().measure(), standing));
			}
		}
		Standing running = standings.get(Measure.CONCURRENCY);
		return new ConsumptionBody(used(standings.get(Measure.REQUESTS)), used(standings.get(Measure.TOKENS)),
				(running != null) ? (Long) running.reserved() : null, quota(standings, quota, now));
	}

	private static ConsumptionBody.@Nullable QuotaUse quota(Map<Measure, Standing> standings, @Nullable Quota quota,
			Instant now) {
		if (quota == null) {
			return null;
		}
		Long cost = used(standings.get(Measure.COST_QUOTA));
		BigDecimal dollars = (cost != null) ? Demand.dollars(cost) : null;
		return new ConsumptionBody.QuotaUse(used(standings.get(Measure.TOKEN_QUOTA)), dollars, quota.per().start(now),
				quota.per().end(now));
	}

	private static @Nullable Long used(@Nullable Standing standing) {
		return (standing != null) ? (Long) standing.used() : null;
	}

}
