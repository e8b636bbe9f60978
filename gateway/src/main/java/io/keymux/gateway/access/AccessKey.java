package io.keymux.gateway.access;

import java.time.Instant;
import java.util.List;

import io.keymux.gateway.limit.Limits;
import io.keymux.gateway.limit.Quota;
import org.jspecify.annotations.Nullable;

/**
 * An access key as an operator describes it, without the key.
 *
 * @param id identity, 0 before it is stored
 * @param name what people call its caller
 * @param masked enough of the key to recognise it
 * @param groups groups it may use, empty = all
 * @param models patterns of models it may ask for, empty = all
 * @param enabled whether it may call at all
 * @param expiresAt when it ends, or null
 * @param previousUntil until when the secret before the last rotation works, or null
 * @param limits what it may do in a minute or at once
 * @param quota what it may use in a day or month, or null
 */
public record AccessKey(long id, String name, String masked, List<String> groups, List<String> models, boolean enabled,
		@Nullable Instant expiresAt, @Nullable Instant previousUntil, Limits limits, @Nullable Quota quota) {

	/**
	 * The same key with an identity.
	 * @param storedId identity in the database
	 * @param storedMask enough of the key to recognise it
	 * @return the key as stored
	 */
	public AccessKey stored(long storedId, String storedMask) {
		return new AccessKey(storedId, this.name, storedMask, this.groups, this.models, this.enabled, this.expiresAt,
				this.previousUntil, this.limits, this.quota);
	}

	AccessKey rotated(String newMask, @Nullable Instant oldUntil) {
		return new AccessKey(this.id, this.name, newMask, this.groups, this.models, this.enabled, this.expiresAt,
				oldUntil, this.limits, this.quota);
	}

}
