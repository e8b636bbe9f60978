package io.keymux.gateway.key;

import java.util.Set;

/**
 * Change notice: provider keys were added, changed or deleted, and the change is
 * committed.
 *
 * @param groupId group the keys belong to
 * @param keyIds the keys concerned; empty: any of the group's may have changed
 */
public record KeysChanged(long groupId, Set<Long> keyIds) {

	public KeysChanged {
		keyIds = Set.copyOf(keyIds);
	}

}
