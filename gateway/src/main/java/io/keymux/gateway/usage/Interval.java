package io.keymux.gateway.usage;

import java.time.Instant;
import java.util.Locale;

/** How finely usage is told apart by time, in UTC. */
public enum Interval {

	/** Each minute. */
	MINUTE(0, 60),

	/** Each hour. */
	HOUR(1, 3600),

	/** Each day. */
	DAY(2, 86400);

	private final int code;

	private final long seconds;

	Interval(int code, long seconds) {
		this.code = code;
		this.seconds = seconds;
	}

	static Interval of(int code) {
		return switch (code) {
			case 0 -> MINUTE;
			case 1 -> HOUR;
			case 2 -> DAY;
			default -> throw new IllegalArgumentException("interval %d".formatted(code));
		};
	}

	/** How it is stored. */
	int code() {
		return this.code;
	}

	/**
	 * The name in the API.
	 * @return for example {@code minute}
	 */
	public String key() {
		return name().toLowerCase(Locale.ROOT);
	}

	long seconds() {
		return this.seconds;
	}

	long floor(long second) {
		return Math.floorDiv(second, this.seconds) * this.seconds;
	}

	long ceil(long second) {
		return Math.ceilDiv(second, this.seconds) * this.seconds;
	}

	long floor(Instant time) {
		return floor(time.getEpochSecond());
	}

	long ceil(Instant time) {
		return ceil(time.getEpochSecond() + ((time.getNano() > 0) ? 1 : 0));
	}

}
