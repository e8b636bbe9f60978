package io.keymux.gateway.crypto;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The stored secrets of one kind, for whoever changes the encryption key. Whatever module
 * stores sealed text has a bean of this type for it.
 */
public interface SealedSecrets {

	/**
	 * The kind.
	 * @return its name in the API, such as {@code provider-key}
	 */
	String kind();

	/**
	 * Counts the secrets by the key that sealed them.
	 * @return number of secrets by key id, {@link SecretCipher#PLAIN} among them
	 */
	Map<String, Long> countByKey();

	/**
	 * Seals the next ones anew, in a transaction of its own. Those that someone changes
	 * meanwhile are left to him.
	 * @param after where the last batch ended, or null to begin
	 * @param limit rows of a batch
	 * @return what became of them
	 */
	Batch resealNext(@Nullable String after, int limit);

	/**
	 * What became of a batch.
	 *
	 * @param next where it ended, or null if there is nothing behind it
	 * @param resealed secrets sealed anew
	 * @param unreadable secrets that this node could not open
	 */
	record Batch(@Nullable String next, int resealed, int unreadable) {
	}

}
