package io.keymux.gateway.record;

import java.util.Locale;

/** How a request, or one attempt of it, turned out. */
public enum RecordOutcome {

	/** The provider took the request. */
	ACCEPTED,

	/** The provider refused the request itself. */
	CALLER_REJECTED,

	/** The key had to rest. */
	THROTTLED,

	/** The key was no good. */
	KEY_REJECTED,

	/** The upstream failed. */
	UPSTREAM_FAILED,

	/** The gateway refused the request. */
	REFUSED,

	/** The caller left before there was an answer. */
	CANCELLED;

	private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

	/**
	 * The name in the API and in the database.
	 * @return for example {@code key-rejected}
	 */
	public String key() {
		return this.key;
	}

}
