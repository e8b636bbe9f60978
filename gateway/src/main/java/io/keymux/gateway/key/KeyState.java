package io.keymux.gateway.key;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What traffic has taught about one key; survives restarts.
 *
 * @param status health
 * @param failures consecutive rejections
 * @param lastError last answer that spoke against the key, redacted, or null
 * @param lastErrorAt when that was, or null
 * @param lastUsedAt last lease, or null
 * @param requests leases so far
 */
public record KeyState(KeyStatus status, int failures, @Nullable String lastError, @Nullable Instant lastErrorAt,
		@Nullable Instant lastUsedAt, long requests) {

	/** The state of a key nobody has used. */
	public static KeyState fresh() {
		return new KeyState(new KeyStatus.Active(), 0, null, null, null, 0);
	}

}
