package io.keymux.gateway.setting;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a request waits between its attempts.
 *
 * @param first the longest wait before the second attempt
 * @param max the longest wait before any later one
 */
public record BackoffRange(Duration first, Duration max) {

	/**
	 * Reads a range such as {@code 50ms..2s}.
	 * @param text the range
	 * @return the two ends of it
	 * @throws IllegalArgumentException naming value and expectation
	 */
	public static BackoffRange parse(String text) {
		int dots = text.indexOf("..");
		if (dots < 0) {
			throw SettingParser.bad(text, "two durations such as 50ms..2s");
		}
		Duration first = SettingParser.duration(text.substring(0, dots));
		Duration max = SettingParser.duration(text.substring(dots + 2));
		if (first.isNegative() || first.compareTo(max) > 0 || max.compareTo(Duration.ofMinutes(1)) > 0) {
			throw SettingParser.bad(text, "two durations, the first not above the second, at most 1m");
		}
		return new BackoffRange(first, max);
	}

	/**
	 * The wait before an attempt: half of it fixed, half of it by chance, so that callers
	 * who failed together do not return together.
	 * @param attempt number of the attempt that is to come, from 2
	 * @param random source of chance
	 * @return the wait
	 */
	public Duration before(int attempt, RandomGenerator random) {
		long ceiling = Math.min(this.max.toNanos(), this.first.toNanos() << Math.min(attempt - 2, 20));
		return Duration.ofNanos(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
	}

}
