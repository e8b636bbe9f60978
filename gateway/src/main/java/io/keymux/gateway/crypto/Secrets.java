package io.keymux.gateway.crypto;

import java.security.SecureRandom;
import java.util.Base64;

/** Draws secrets and shows them without telling them. */
public final class Secrets {

	private static final SecureRandom random = new SecureRandom();

	private static final int SHOWN = 4;

	private Secrets() {
	}

	/**
	 * Draws a secret of 256 bits.
	 * @param prefix what it starts with, so that people and scanners recognise it
	 * @return prefix and 43 characters of base64url
	 */
	public static String draw(String prefix) {
		return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32));
	}

	/**
	 * Shows enough of a secret to recognise it, and never more than eight characters.
	 * @param secret the secret
	 * @return for example {@code sk-a…wxyz}; nothing of a short one
	 */
	public static String mask(String secret) {
		if (secret.length() < 20) {
			return "…";
		}
		return secret.substring(0, SHOWN) + "…" + secret.substring(secret.length() - SHOWN);
	}

	static byte[] bytes(int count) {
		byte[] bytes = new byte[count];
		random.nextBytes(bytes);
		return bytes;
	}

}
