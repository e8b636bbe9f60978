package io.keymux.gateway.admin;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A named credential for the management API, without its secret.
 *
 * @param id identity, 0 before it is stored
 * @param name what people call it
 * @param role what it may do
 * @param masked enough of the secret to recognise it
 * @param enabled whether it works at all
 * @param expiresAt when it ends, or null
 */
public record ApiToken(long id, String name, Role role, String masked, boolean enabled, @Nullable Instant expiresAt) {

	ApiToken withMask(String newMask) {
		return new ApiToken(this.id, this.name, this.role, newMask, this.enabled, this.expiresAt);
	}

}
