package io.keymux.gateway.key;

import org.jspecify.annotations.Nullable;

/**
 * A provider key to be added.
 *
 * @param secret the key itself
 * @param weight share among the group's keys, at least 1
 * @param note what to remember about it, or null
 * @param enabled whether it may take turns
 */
public record NewKey(String secret, int weight, @Nullable String note, boolean enabled) {

	/**
	 * A key of weight 1 that takes turns.
	 * @param secret the key itself
	 * @return the key
	 */
	public static NewKey of(String secret) {
		return new NewKey(secret, 1, null, true);
	}

	@Override
	public String toString() {
		return "NewKey";
	}

}
