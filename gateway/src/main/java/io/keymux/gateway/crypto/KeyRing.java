package io.keymux.gateway.crypto;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.keymux.gateway.problem.StartFailure;
import org.jspecify.annotations.Nullable;

/** The encryption keys of this node: one that seals, if any, and all that open, by id. */
final class KeyRing {

	private final @Nullable EncryptionKey sealing;

	private final Map<String, EncryptionKey> opening = new HashMap<>();

	/**
	 * Joins keys.
	 * @param own keys of which the first one seals; all of them open
	 * @param further keys that only open
	 */
	KeyRing(List<EncryptionKey> own, List<EncryptionKey> further) {
		this.sealing = own.isEmpty() ? null : own.getFirst();
		own.forEach(this::add);
		further.forEach(this::add);
	}

	static KeyRing read(EncryptionProperties properties, byte[] salt) {
		return new KeyRing(read(EncryptionProperties.ENCRYPTION_KEY, properties.sealing(), salt),
				read(EncryptionProperties.DECRYPTION_KEY, properties.opening(), salt));
	}

	private static List<EncryptionKey> read(String variable, @Nullable String text, byte[] salt) {
		return (text != null) ? EncryptionKey.readAll(variable, text, salt) : List.of();
	}

	private void add(EncryptionKey key) {
		EncryptionKey same = this.opening.putIfAbsent(key.id(), key);
		if (same != null && !same.key().equalsKey(key.key())) {
			throw new StartFailure("Two different encryption keys have the id '%s' (expected: an id names one key)."
				.formatted(key.id()), "Make a keyset whose keys have other ids.");
		}
	}

	/** The key that seals, or null if this node stores secrets in plain text. */
	@Nullable EncryptionKey sealing() {
		return this.sealing;
	}

	/** The key of an id, or null if this node does not have it. */
	@Nullable EncryptionKey find(String id) {
		return this.opening.get(id);
	}

	/** The ids of all keys. */
	Set<String> ids() {
		return new TreeSet<>(this.opening.keySet());
	}

}
