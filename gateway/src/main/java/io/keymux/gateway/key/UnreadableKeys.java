package io.keymux.gateway.key;

import java.util.HashSet;
import java.util.Set;

/** The stored keys of a pool that this node cannot open. */
final class UnreadableKeys {

	private final Set<Long> enabled = new HashSet<>();

	private final Set<Long> disabled = new HashSet<>();

	void put(long id, boolean isEnabled) {
		(isEnabled ? this.enabled : this.disabled).add(id);
		(isEnabled ? this.disabled : this.enabled).remove(id);
	}

	void remove(long id) {
		this.enabled.remove(id);
		this.disabled.remove(id);
	}

	boolean anyEnabled() {
		return !this.enabled.isEmpty();
	}

	Set<Long> ids() {
		Set<Long> ids = new HashSet<>(this.enabled);
		ids.addAll(this.disabled);
		return ids;
	}

	int size() {
		return this.enabled.size() + this.disabled.size();
	}

}
