package io.keymux.gateway.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Hashes secrets with HMAC-SHA256 and this database's hash key; cheap enough for every
 * request.
 */
@Component
public class KeyedHasher {

	private static final int BLOCK = 64;

	/** Digests that have taken in the padded key; cloned, never fed. */
	private final MessageDigest inner;

	private final MessageDigest outer;

	@Autowired
	KeyedHasher(Vault vault) {
		this(vault.hashKey());
	}

	/**
	 * Hashes with a key of one's own.
	 * @param key at most 64 bytes
	 */
	public KeyedHasher(byte[] key) {
		this.inner = keyed(key, 0x36);
		this.outer = keyed(key, 0x5c);
	}

	/**
	 * Hashes a secret.
	 * @param secret the secret
	 * @return its keyed hash
	 */
	public KeyHash hash(String secret) {
		try {
			MessageDigest digest = (MessageDigest) this.inner.clone();
			byte[] first = digest.digest(secret.getBytes(StandardCharsets.UTF_8));
			digest = (MessageDigest) this.outer.clone();
			return KeyHash.of(digest.digest(first));
		}
		catch (CloneNotSupportedException ex) {
			throw new IllegalStateException("SHA-256 of this JVM cannot be cloned", ex);
		}
	}

	/**
	 * A hasher with a key of its own: what it hashes means nothing to any other. No
	 * secret holds the character its key is made with.
	 * @param purpose what it is for
	 * @return the hasher
	 */
	public KeyedHasher derive(String purpose) {
		return new KeyedHasher(hash("\0" + purpose).bytes());
	}

	/**
	 * Tells this database's hashes from those of another one.
	 * @return the same text for the same hash key
	 */
	public String fingerprint() {
		return hash("keymux fingerprint of this database's hash key").text().substring(0, 16);
	}

	private static MessageDigest keyed(byte[] key, int pad) {
		byte[] block = new byte[BLOCK];
		System.arraycopy(key, 0, block, 0, key.length);
		for (int i = 0; i < block.length; i++) {
			block[i] ^= (byte) pad;
		}
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(block);
			return digest;
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JVM has SHA-256", ex);
		}
	}

}
