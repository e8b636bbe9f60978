package io.keymux.gateway.limit;

import java.time.Duration;
import java.util.List;

/** Whether a request is let through. */
public sealed interface Admission {

	/**
	 * How the limits stand.
	 * @return in the order of the demands
	 */
	List<Standing> standings();

	/**
	 * It is let through.
	 *
	 * @param reservation to be settled when it has ended
	 * @param standings how the limits stand
	 */
	record Admitted(Reservation reservation, List<Standing> standings) implements Admission {
	}

	/**
	 * It is not let through, and took nothing.
	 *
	 * @param by the limit that refuses it
	 * @param retryAfter when to come back
	 * @param standings how the limits stand
	 */
	record Refused(Demand by, Duration retryAfter, List<Standing> standings) implements Admission {
	}

}
