package io.keymux.gateway.token;

import java.util.Locale;

/** Where the token usage of a request is known from. */
public enum UsageSource {

	/** The provider told it. */
	REPORTED,

	/** The provider told it after the caller had left. */
	DRAINED,

	/** Counted by the gateway, because the provider did not tell. */
	ESTIMATED,

	/** The request used no tokens. */
	NONE;

	private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

	/**
	 * The name in the API and in the database.
	 * @return for example {@code reported}
	 */
	public String key() {
		return this.key;
	}

}
