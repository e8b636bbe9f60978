package io.keymux.gateway.group;

/** Objects to a change of a group on behalf of what belongs to groups. */
public interface GroupGuard {

	/**
	 * Called in the transaction that makes a group an aggregate.
	 * @param group the group before the change
	 * @throws io.keymux.gateway.problem.Problem to prevent it
	 */
	default void becomesAggregate(Group group) {
	}

	/**
	 * Called in the transaction that deletes a group.
	 * @param group the group before it is deleted
	 * @throws io.keymux.gateway.problem.Problem to prevent it
	 */
	default void isDeleted(Group group) {
	}

}
