package io.keymux.gateway.gptload;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/** Decrypts provider keys the way gpt-load encrypts them. */
final class KeyCipher {

	private static final String SALT = "gpt-load-encryption-v1";

	private static final int ITERATIONS = 100_000;

	private static final int NONCE_BYTES = 12;

	private static final int TAG_BYTES = 16;

	private static final HexFormat hex = HexFormat.of();

	private final byte[] key;

	/**
	 * Derives the key once; that takes a moment.
	 * @param passphrase value of gpt-load's ENCRYPTION_KEY, not empty
	 */
	KeyCipher(String passphrase) {
		this.key = derive(passphrase, SALT, 32);
	}

	/** PBKDF2 with HMAC-SHA256. */
	static byte[] derive(String passphrase, String salt, int bytes) {
		try {
			PBEKeySpec specification = new PBEKeySpec(passphrase.toCharArray(), salt.getBytes(StandardCharsets.UTF_8),
					ITERATIONS, bytes * 8);
			return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(specification).getEncoded();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The hash gpt-load stores beside a key it does not encrypt. */
	static String plainHash(String secret) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			return hex.formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The hash gpt-load stores beside a key it encrypts. */
	String hash(String secret) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(this.key, "HmacSHA256"));
			return hex.formatHex(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Whether a value could be a nonce, a ciphertext and a tag in hexadecimal digits. */
	static boolean sealed(String value) {
		return value.length() > 2 * (NONCE_BYTES + TAG_BYTES) && value.length() % 2 == 0
				&& value.chars().allMatch(HexFormat::isHexDigit);
	}

	/**
	 * Decrypts a key.
	 * @param value what stands in the database
	 * @return the key, or null if another passphrase encrypted it
	 */
	@Nullable String open(String value) {
		if (!sealed(value)) {
			return null;
		}
		byte[] parts = hex.parseHex(value);
		try {
			Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
			cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(this.key, "AES"),
					new GCMParameterSpec(TAG_BYTES * 8, Arrays.copyOf(parts, NONCE_BYTES)));
			byte[] opened = cipher.doFinal(parts, NONCE_BYTES, parts.length - NONCE_BYTES);
			return new String(opened, StandardCharsets.UTF_8);
		}
		catch (AEADBadTagException ex) {
			return null;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
