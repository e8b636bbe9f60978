package io.keymux.gateway.crypto;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.keymux.gateway.problem.StartFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How secrets are encrypted at rest. A key is a passphrase or a Tink JSON keyset.
 *
 * @param encryptionKey key that seals and opens; empty keeps secrets in plain text
 * @param encryptionKeyFile file with that key, instead of the key itself
 * @param decryptionKey second key that only opens: the former one, or the next one
 * @param decryptionKeyFile file with that key, instead of the key itself
 */
@ConfigurationProperties("keymux")
record EncryptionProperties(@Nullable String encryptionKey, @Nullable String encryptionKeyFile,
		@Nullable String decryptionKey, @Nullable String decryptionKeyFile) {

	static final String ENCRYPTION_KEY = "KEYMUX_ENCRYPTION_KEY";

	static final String DECRYPTION_KEY = "KEYMUX_DECRYPTION_KEY";

	/** The text of the key that seals, or null without one. */
	@Nullable String sealing() {
		return text(ENCRYPTION_KEY, this.encryptionKey, this.encryptionKeyFile);
	}

	/** The text of the second key that opens, or null without one. */
	@Nullable String opening() {
		return text(DECRYPTION_KEY, this.decryptionKey, this.decryptionKeyFile);
	}

	private static @Nullable String text(String variable, @Nullable String value, @Nullable String file) {
		boolean hasValue = value != null && !value.isBlank();
		if (file == null || file.isBlank()) {
			return hasValue ? value : null;
		}
		if (hasValue) {
			throw new StartFailure("%1$s and %1$s_FILE are both set (expected: one of them).".formatted(variable),
					"Remove one of them.");
		}
		return read(variable, file.strip());
	}

	/** Editors and shells end a file with a line break, which belongs to no key. */
	private static String read(String variable, String file) {
		String text;
		try {
			text = Files.readString(Path.of(file)).stripTrailing();
		}
		catch (IOException | IllegalArgumentException ex) {
			throw new StartFailure(
					"%s_FILE '%s' cannot be read (%s).".formatted(variable, file, ex.getClass().getSimpleName()),
					"Name a file this node may read, with a passphrase or a Tink keyset in it.");
		}
		if (text.isBlank()) {
			throw new StartFailure(
					"%s_FILE '%s' is empty (expected: a passphrase or a Tink keyset).".formatted(variable, file),
					"Write the key into the file, or remove the variable.");
		}
		return text;
	}

	@Override
	public String toString() {
		return "EncryptionProperties";
	}

}
