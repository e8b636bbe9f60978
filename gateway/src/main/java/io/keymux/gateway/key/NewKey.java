package io.keymux.gateway.key;

import org.jspecify.annotations.Nullable;

/**
 * A provider key to be added.
 *
 * @param secret the key itself
 * @param weight share among the group's keys, at least 1
 * @param note what to remember about it, or null
 */
public record NewKey(String secret, int weight, @Nullable String note) {

	@Override
	public String toString() {
		return "NewKey";
	}

}
