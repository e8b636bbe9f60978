package io.keymux.gateway.admin;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What proves that someone may manage.
 *
 * @param administrator whom it belongs to
 * @param fingerprint tells this version of the credential from every other, and nothing
 * about its secret
 * @param expiresAt when it ends, or null
 */
public record Credential(Administrator administrator, String fingerprint, @Nullable Instant expiresAt) {

	/**
	 * Whether it has not expired.
	 * @param now the present
	 * @return true if it may be used
	 */
	public boolean usable(Instant now) {
		return this.expiresAt == null || now.isBefore(this.expiresAt);
	}

}
