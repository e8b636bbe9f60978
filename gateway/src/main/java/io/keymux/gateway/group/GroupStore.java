package io.keymux.gateway.group;

import java.util.List;
import java.util.Map;

/** Where the snapshot reads the groups from. */
public interface GroupStore {

	/**
	 * Reads all groups and the revision they belong to, in one transaction. Blocks.
	 * @return what is stored
	 */
	StoredGroups readAll();

	/**
	 * The groups of one revision.
	 *
	 * @param revision number that grows with every change
	 * @param groups all groups, in the order of the operator
	 * @param versions version by group; sealing secrets anew does not change it
	 */
	record StoredGroups(long revision, List<Group> groups, Map<Long, Long> versions) {
	}

}
