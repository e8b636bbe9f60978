package io.keymux.gateway.key;

import java.util.Set;

import io.keymux.gateway.cluster.ChangeNotice;

/**
 * Change notice: provider keys were added, changed or deleted, and the change is
 * committed.
 *
 * @param groupId group the keys belong to
 * @param keyIds the keys concerned; empty: any of the group's may have changed
 * @param revision number of the group's keys that the change made
 */
public record KeysChanged(long groupId, Set<Long> keyIds, long revision) implements ChangeNotice {

	public KeysChanged {
		keyIds = Set.copyOf(keyIds);
	}

}
