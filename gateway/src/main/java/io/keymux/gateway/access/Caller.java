package io.keymux.gateway.access;

import java.time.Instant;
import java.util.Set;

import io.keymux.gateway.limit.Limits;
import io.keymux.gateway.limit.Quota;
import io.keymux.gateway.provider.ModelPatterns;
import org.jspecify.annotations.Nullable;

/**
 * Who an access key belongs to, as the data plane sees it.
 *
 * @param id identity of the access key
 * @param name name of the access key
 * @param groups groups it may use, empty = all
 * @param models models it may ask for
 * @param enabled whether it may call at all
 * @param expiresAt when it ends, or null
 * @param limits what it may do in a minute or at once
 * @param quota what it may use in a period, or null
 */
public record Caller(long id, String name, Set<String> groups, ModelPatterns models, boolean enabled,
		@Nullable Instant expiresAt, Limits limits, @Nullable Quota quota) {

	public Caller {
		groups = Set.copyOf(groups);
	}

	/**
	 * Whether the key is neither disabled nor expired.
	 * @param now the present
	 * @return true if it may call
	 */
	public boolean usable(Instant now) {
		return this.enabled && (this.expiresAt == null || now.isBefore(this.expiresAt));
	}

	/**
	 * Whether the caller may use a group.
	 * @param group name of the group
	 * @return true if it may
	 */
	public boolean mayUse(String group) {
		return this.groups.isEmpty() || this.groups.contains(group);
	}

}
