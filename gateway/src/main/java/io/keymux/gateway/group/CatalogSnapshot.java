package io.keymux.gateway.group;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * All groups of one revision, ready to serve; never changes.
 *
 * @param revision revision of the stored groups
 * @param groups groups by name
 */
public record CatalogSnapshot(long revision, Map<String, ServingGroup> groups) {

	public CatalogSnapshot {
		groups = Map.copyOf(groups);
	}

	/**
	 * Finds a group.
	 * @param name its name
	 * @return the group, or null if there is none or it is disabled
	 */
	public @Nullable ServingGroup find(String name) {
		ServingGroup group = this.groups.get(name);
		return (group == null || !group.group().enabled()) ? null : group;
	}

}
