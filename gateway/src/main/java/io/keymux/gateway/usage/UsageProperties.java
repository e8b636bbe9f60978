package io.keymux.gateway.usage;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long usage is kept.
 *
 * @param minutes by minute
 * @param hours by hour
 * @param days by day
 */
@ConfigurationProperties("keymux.usage")
record UsageProperties(@DefaultValue("2d") Duration minutes, @DefaultValue("60d") Duration hours,
		@DefaultValue("1095d") Duration days) {

	private static final Duration LEAST = Duration.ofHours(6);

	UsageProperties {
		check("minutes", minutes, LEAST);
		check("hours", hours, minutes);
		check("days", days, hours);
	}

	Duration kept(Interval interval) {
		return switch (interval) {
			case MINUTE -> this.minutes;
			case HOUR -> this.hours;
			case DAY -> this.days;
		};
	}

	private static void check(String name, Duration value, Duration least) {
		if (value.compareTo(least) < 0) {
			throw new IllegalArgumentException(
					"keymux.usage.%s: '%s' (expected: at least %s)".formatted(name, value, least));
		}
	}

}
