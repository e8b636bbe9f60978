package io.keymux.gateway.crypto;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * Keyed hash of a secret: finds it without holding it.
 *
 * @param first first eight bytes
 * @param second second eight bytes
 * @param third third eight bytes
 * @param fourth last eight bytes
 */
public record KeyHash(long first, long second, long third, long fourth) {

	private static final int LENGTH = 32;

	static KeyHash of(byte[] bytes) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		return new KeyHash(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
	}

	/**
	 * Reads a stored hash.
	 * @param text what {@link #text()} wrote
	 * @return the hash
	 * @throws IllegalArgumentException if it wrote something else
	 */
	public static KeyHash parse(String text) {
		byte[] bytes = Base64.getUrlDecoder().decode(text);
		if (bytes.length != LENGTH) {
			throw new IllegalArgumentException("%d bytes (expected: %d)".formatted(bytes.length, LENGTH));
		}
		return of(bytes);
	}

	/**
	 * The hash as it is stored.
	 * @return 43 characters of base64url
	 */
	public String text() {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
	}

	/**
	 * Compares in a time that does not tell how much is equal.
	 * @param other the other hash
	 * @return true if both are the same
	 */
	public boolean sameAs(KeyHash other) {
		return MessageDigest.isEqual(bytes(), other.bytes());
	}

	byte[] bytes() {
		return ByteBuffer.allocate(LENGTH)
			.putLong(this.first)
			.putLong(this.second)
			.putLong(this.third)
			.putLong(this.fourth)
			.array();
	}

}
