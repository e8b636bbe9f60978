package io.keymux.gateway.admin;

import java.time.Duration;

/** What becomes of a key that someone presents. */
public sealed interface Verdict {

	/**
	 * The key is good.
	 *
	 * @param credential what it proves
	 */
	record Admitted(Credential credential) implements Verdict {
	}

	/** The key is wrong, disabled or expired; which of them is not told. */
	record Refused() implements Verdict {
	}

	/**
	 * Too many wrong keys came from this address; this one was not looked at.
	 *
	 * @param retryAfter when the next one is
	 */
	record Throttled(Duration retryAfter) implements Verdict {
	}

}
