package io.keymux.gateway.access;

import org.jspecify.annotations.Nullable;

/** Finds callers by the access key they present; in memory, safe for the hot path. */
public interface Callers {

	/** Longer ones are nobody's, and not worth a hash. */
	int MAX_LENGTH = 512;

	/**
	 * Finds a caller.
	 * @param presented what a request presents
	 * @return whose key it is, or null if there is none or it is nobody's
	 */
	default @Nullable Caller find(PresentedKey presented) {
		String key = presented.value();
		return (key == null || key.isEmpty() || key.length() > MAX_LENGTH) ? null : find(key);
	}

	/**
	 * Finds a caller.
	 * @param accessKey the key as presented
	 * @return whose key it is, or null if nobody's
	 */
	@Nullable Caller find(String accessKey);

}
