package io.keymux.config;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether one backend could be read at the last look. */
class BackendHealth implements HealthIndicator {

	private final DocumentWatch watch;

	private final String backend;

	BackendHealth(DocumentWatch watch, String backend) {
		this.watch = watch;
		this.backend = backend;
	}

	@Override
	public Health health() {
		return this.watch.reading().failed().contains(this.backend) ? Health.down().build() : Health.up().build();
	}

}
