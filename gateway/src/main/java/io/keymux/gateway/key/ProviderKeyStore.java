package io.keymux.gateway.key;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Where the pools read their keys from and leave what they learned; all methods block.
 */
public interface ProviderKeyStore {

	/**
	 * Reads a group's keys, decrypted.
	 * @param groupId the group
	 * @return all its keys, by id
	 */
	List<StoredKey> readAll(long groupId);

	/**
	 * Reads some of a group's keys, decrypted.
	 * @param groupId the group
	 * @param ids the keys wanted
	 * @return those that still exist
	 */
	List<StoredKey> read(long groupId, Collection<Long> ids);

	/**
	 * Stores states in one batch; keys deleted meanwhile are skipped.
	 * @param states state by key id
	 */
	void writeStates(Map<Long, KeyState> states);

	/**
	 * A provider key as stored.
	 *
	 * @param id identity
	 * @param secret the key itself
	 * @param weight share among the group's keys, at least 1
	 * @param enabled whether an operator lets it take turns
	 * @param note what to remember about it, or null
	 * @param state what traffic has taught about it
	 */
	record StoredKey(long id, String secret, int weight, boolean enabled, @Nullable String note, KeyState state) {

		@Override
		public String toString() {
			return "StoredKey[id=" + this.id + "]";
		}

	}

}
