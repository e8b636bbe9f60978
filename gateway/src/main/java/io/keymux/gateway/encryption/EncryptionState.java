package io.keymux.gateway.encryption;

import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How the stored secrets are encrypted, as a node sees it.
 *
 * @param state all of it in one word
 * @param keyId key this node seals with, or null if it stores plain text
 * @param opens keys this node can open with
 * @param databaseKeyId key the database is encrypted with, or null if it is not
 * @param secrets number of stored secrets by kind and key
 * @param pending secrets that are still to be sealed with this node's key, or to be
 * stored in plain text if it has none
 * @param unreadable secrets this node cannot open
 */
public record EncryptionState(Word state, @JsonInclude @Nullable String keyId, Set<String> opens,
		@JsonInclude @Nullable String databaseKeyId, List<SecretCount> secrets, long pending, long unreadable) {

	/** Whether all is as the keys of this node say. */
	public enum Word {

		/** Every secret is sealed with the key of this node. */
		@JsonProperty("enabled")
		ENABLED,

		/** Every secret is stored in plain text, and this node has no key that seals. */
		@JsonProperty("disabled")
		DISABLED,

		/** Some secrets are still to be sealed as this node would. */
		@JsonProperty("rotating")
		ROTATING,

		/** This node lacks a key. */
		@JsonProperty("unreadable")
		UNREADABLE

	}

	/**
	 * Secrets of one kind that one key has sealed.
	 *
	 * @param kind what they are
	 * @param keyId key that sealed them, {@code plain} without one
	 * @param count how many
	 */
	public record SecretCount(String kind, String keyId, long count) {
	}

}
