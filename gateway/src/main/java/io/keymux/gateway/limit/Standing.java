package io.keymux.gateway.limit;

import java.time.Duration;

/**
 * How a limit stands.
 *
 * @param demand what was asked of it
 * @param used how much is used, this demand included if it was let through and counts at
 * once
 * @param reserved how much requests that run have reserved besides
 * @param reset how long until all of it is free again; zero if that depends on requests
 * that run
 * @param window which minute was counted in, 0 if none
 */
public record Standing(Demand demand, long used, long reserved, Duration reset, long window) {

	/** What is left, never below zero. */
	public long remaining() {
		return Math.max(0, this.demand.limit() - this.used - this.reserved);
	}

}
