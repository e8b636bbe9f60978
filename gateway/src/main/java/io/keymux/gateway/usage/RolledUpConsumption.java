package io.keymux.gateway.usage;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Set;

import io.keymux.gateway.limit.Consumption;
import io.keymux.gateway.limit.Subject;

import org.springframework.stereotype.Component;

/** Takes what quotas count from the roll-ups. */
@Component
class RolledUpConsumption implements Consumption {

	private final Usage usage;

	RolledUpConsumption(Usage usage) {
		this.usage = usage;
	}

	@Override
	public Used used(Subject subject, Instant from, Instant until) {
		String group = (subject.kind() == Subject.Kind.GROUP) ? subject.name() : null;
		String caller = (subject.kind() == Subject.Kind.ACCESS_KEY) ? subject.name() : null;
		UsageQuery query = new UsageQuery(from, until, Interval.DAY, Set.of(), group, null, caller, null);
		long tokens = 0;
		BigDecimal cost = BigDecimal.ZERO;
		for (UsageRow day : this.usage.find(query).rows()) {
			tokens += day.tokens().input() + day.tokens().output();
			cost = cost.add(day.cost());
		}
		return new Used(tokens, cost);
	}

}
