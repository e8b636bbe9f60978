package io.keymux.gateway.access;

import org.jspecify.annotations.Nullable;

/** Finds callers by the access key they present; in memory, safe for the hot path. */
public interface Callers {

	/**
	 * Finds a caller.
	 * @param accessKey the key as presented
	 * @return whose key it is, or null if nobody's
	 */
	@Nullable Caller find(String accessKey);

}
