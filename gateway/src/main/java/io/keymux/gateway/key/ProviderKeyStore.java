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
	StoredKeys readAll(long groupId);

	/**
	 * Reads some of a group's keys, decrypted.
	 * @param groupId the group
	 * @param ids the keys wanted
	 * @return those that still exist
	 */
	StoredKeys read(long groupId, Collection<Long> ids);

	/**
	 * The revision of a group's keys.
	 * @param groupId the group
	 * @return a number that grows with every change
	 */
	long revision(long groupId);

	/**
	 * The revisions of the keys of all groups.
	 * @return revision by group
	 */
	Map<Long, Long> revisions();

	/**
	 * Stores states in one batch; keys deleted meanwhile are skipped.
	 * @param states state by key id
	 */
	void writeStates(Map<Long, KeyState> states);

	/**
	 * Provider keys as stored.
	 *
	 * @param readable keys this node can open
	 * @param unreadable keys it cannot open
	 */
	record StoredKeys(List<StoredKey> readable, List<UnreadableKey> unreadable) {
	}

	/**
	 * A provider key that is sealed with an encryption key this node does not have.
	 *
	 * @param id identity
	 * @param weight share among the group's keys, at least 1
	 * @param enabled whether an operator lets it take turns
	 */
	record UnreadableKey(long id, int weight, boolean enabled) {
	}

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
