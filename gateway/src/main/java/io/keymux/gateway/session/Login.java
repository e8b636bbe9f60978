package io.keymux.gateway.session;

import java.time.Duration;

/** What becomes of someone who wants to log in. */
public sealed interface Login {

	/**
	 * He is logged in.
	 *
	 * @param session the session that began
	 */
	record Begun(Session session) implements Login {
	}

	/** His key is wrong. */
	record Refused() implements Login {
	}

	/**
	 * Too many wrong keys came from his address.
	 *
	 * @param retryAfter when the next one is looked at
	 */
	record Throttled(Duration retryAfter) implements Login {
	}

}
