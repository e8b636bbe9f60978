package io.keymux.gateway.key;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** What the running pools know of their keys, fresher than what is stored. */
public interface LiveKeyStates {

	/**
	 * Finds the state of one key.
	 * @param groupId the group
	 * @param keyId the key
	 * @return its state, or empty if no pool holds it
	 */
	Optional<KeyState> find(long groupId, long keyId);

	/**
	 * Finds the states of a group's keys.
	 * @param groupId the group
	 * @return state by key id, empty if no pool holds the group
	 */
	Map<Long, KeyState> findAll(long groupId);

	/**
	 * Lets keys take turns again whatever they did.
	 * @param groupId the group
	 * @param keyIds the keys
	 */
	void restore(long groupId, Collection<Long> keyIds);

}
