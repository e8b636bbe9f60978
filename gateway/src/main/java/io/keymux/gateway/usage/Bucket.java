package io.keymux.gateway.usage;

/**
 * A minute, an hour or a day.
 *
 * @param interval which of them
 * @param start its first second since 1970
 */
record Bucket(Interval interval, long start) {

	long end() {
		return this.start + this.interval.seconds();
	}

}
