package io.keymux.gateway.usage;

import java.util.Locale;

/** What usage can be told apart by. */
public enum Dimension {

	/** Group that was asked. */
	GROUP,

	/** Model as it was sent. */
	MODEL,

	/** Name of the access key. */
	CALLER,

	/** Provider key of the last attempt. */
	PROVIDER_KEY;

	/**
	 * The name in the API.
	 * @return for example {@code provider-key}
	 */
	public String key() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
