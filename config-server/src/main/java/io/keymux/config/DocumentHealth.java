package io.keymux.config;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether the gateways' document is served, as of the last look: who asks for the health
 * causes no work.
 */
class DocumentHealth implements HealthIndicator {

	private final DocumentWatch watch;

	DocumentHealth(DocumentWatch watch) {
		this.watch = watch;
	}

	@Override
	public Health health() {
		String refusal = this.watch.reading().refusal();
		return (refusal == null) ? Health.up().build() : Health.down().withDetail("reason", refusal).build();
	}

}
