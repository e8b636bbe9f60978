package io.keymux.gateway.session;

import java.time.Instant;

import io.keymux.gateway.admin.Administrator;

/**
 * The time someone who may manage is logged in.
 *
 * @param id tells it from every other
 * @param administrator who is logged in
 * @param credential fingerprint of what he logged in with
 * @param issuedAt when it began
 * @param expiresAt when it ends at the latest
 */
public record Session(String id, Administrator administrator, String credential, Instant issuedAt, Instant expiresAt) {

	Session of(Administrator known) {
		return new Session(this.id, known, this.credential, this.issuedAt, this.expiresAt);
	}

}
