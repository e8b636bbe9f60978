package io.keymux.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Compares the password of the nodes. It is kept in memory alone, so there is no stored
 * hash whose guessing had to be made slow, and nodes ask every few seconds.
 */
final class NodePassword implements PasswordEncoder {

	@Override
	public @Nullable String encode(@Nullable CharSequence password) {
		return (password != null) ? HexFormat.of().formatHex(digest(password)) : null;
	}

	@Override
	public boolean matches(@Nullable CharSequence presented, @Nullable String encoded) {
		return presented != null && encoded != null
				&& MessageDigest.isEqual(digest(presented), HexFormat.of().parseHex(encoded));
	}

	private static byte[] digest(CharSequence password) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(password.toString().getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JVM has SHA-256", ex);
		}
	}

}
