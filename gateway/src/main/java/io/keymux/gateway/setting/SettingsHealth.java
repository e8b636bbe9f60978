package io.keymux.gateway.setting;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/** Warns of settings that were not taken in. */
@Component("settingsHealthIndicator")
class SettingsHealth implements HealthIndicator {

	private static final Status WARNING = new Status("WARNING");

	private final SystemSettings settings;

	SettingsHealth(SystemSettings settings) {
		this.settings = settings;
	}

	@Override
	public Health health() {
		String warning = this.settings.warning();
		Health.Builder health = (warning != null) ? Health.status(WARNING).withDetail("problem", warning) : Health.up();
		return health.withDetail("revision", this.settings.revision()).build();
	}

}
