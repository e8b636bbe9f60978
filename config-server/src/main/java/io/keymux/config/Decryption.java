package io.keymux.config;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.config.server.encryption.TextEncryptorLocator;
import org.springframework.security.crypto.encrypt.TextEncryptor;

/** Opens encrypted values, all or none. */
class Decryption {

	private static final String MARKER = "{cipher}";

	private final @Nullable TextEncryptorLocator encryptors;

	Decryption(@Nullable TextEncryptorLocator encryptors) {
		this.encryptors = encryptors;
	}

	Object open(Object value, String place) {
		if (!(value instanceof String text) || !text.startsWith(MARKER)) {
			return value;
		}
		String sealed = text.substring(MARKER.length());
		String opened = open(sealed);
		if (opened == null) {
			throw DocumentRefused.invalid(place + " cannot be decrypted (expected: a value encrypted with the key of"
					+ " KEYMUX_CONFIG_ENCRYPT_KEY)");
		}
		return opened;
	}

	private @Nullable String open(String sealed) {
		TextEncryptor encryptor = (this.encryptors != null) ? this.encryptors.locate(Map.of()) : null;
		if (encryptor == null) {
			return null;
		}
		try {
			String opened = encryptor.decrypt(sealed);
			// Without a key Spring's encryptor hands back what it was given.
			return opened.equals(sealed) ? null : opened;
		}
		catch (RuntimeException _) {
			return null;
		}
	}

}
