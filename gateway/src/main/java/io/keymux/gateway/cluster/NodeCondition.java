package io.keymux.gateway.cluster;

import org.jspecify.annotations.Nullable;

/** Something about this node that an operator should know of. */
public interface NodeCondition {

	/**
	 * What is wrong now.
	 * @return a sentence without secrets, or null if nothing is
	 */
	@Nullable String warning();

}
