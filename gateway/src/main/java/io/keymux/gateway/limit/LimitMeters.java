package io.keymux.gateway.limit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/** What limits refused. */
@Component
class LimitMeters {

	private final MeterRegistry registry;

	LimitMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	void refused(Demand demand) {
		Counter.builder("keymux.limit.rejections")
			.description("requests that a limit refused")
			.tags("kind", demand.measure().key(), "of", demand.subject().kind().key())
			.register(this.registry)
			.increment();
	}

	void alerted(QuotaAlert alert) {
		Counter.builder("keymux.quota.alerts")
			.description("quotas of which so many percent were used up")
			.tags("of", alert.of(), "percent", Integer.toString(alert.percent()))
			.register(this.registry)
			.increment();
	}

}
