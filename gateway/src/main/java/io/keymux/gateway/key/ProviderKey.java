package io.keymux.gateway.key;

import org.jspecify.annotations.Nullable;

/**
 * A provider key as an operator sees it, without the key.
 *
 * @param id identity
 * @param masked enough of the key to recognise it
 * @param enabled whether it may take turns
 * @param weight share among the group's keys, at least 1
 * @param note what the operator wrote down about it, or null
 * @param state what traffic has taught about it
 */
public record ProviderKey(long id, String masked, boolean enabled, int weight, @Nullable String note, KeyState state) {

	ProviderKey with(KeyState live) {
		return new ProviderKey(this.id, this.masked, this.enabled, this.weight, this.note, live);
	}

}
