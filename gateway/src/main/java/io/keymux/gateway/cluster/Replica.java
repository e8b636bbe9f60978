package io.keymux.gateway.cluster;

import java.util.Map;

/**
 * Something in memory that is kept equal to what is stored, by change notices and, where
 * one was missed, by the revision.
 */
public interface Replica {

	/**
	 * What it is.
	 * @return its name in the API, such as {@code groups}
	 */
	String name();

	/**
	 * The revision that is in memory.
	 * @return a number that grows with every change
	 */
	long revision();

	/**
	 * Whether something is stored that is not in memory. May block.
	 * @param stored stored revisions by name
	 * @return true if it has to be read again
	 */
	default boolean behind(Map<String, Long> stored) {
		return stored.getOrDefault(name(), 0L) > revision();
	}

	/** Reads again what is stored. Blocks. */
	void reload();

}
