package io.keymux.gateway.record;

import java.util.Locale;

/** How an answer ended. */
public enum RequestEnd {

	/** Whole. */
	COMPLETE,

	/** The caller left. */
	CANCELLED,

	/** The upstream broke off. */
	CUT,

	/** A time-out of the gateway ended it. */
	TIMEOUT;

	private final String key = name().toLowerCase(Locale.ROOT);

	/**
	 * The name in the API and in the database.
	 * @return for example {@code complete}
	 */
	public String key() {
		return this.key;
	}

}
