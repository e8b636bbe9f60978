package io.keymux.gateway.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

import io.keymux.gateway.problem.StartFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Seals secrets before they are stored. Sealed text says how it was sealed:
 * {@code plain:<secret>} or {@code tink:<key id>:<base64>}.
 */
@Component
public class SecretCipher {

	private static final Logger logger = LoggerFactory.getLogger(SecretCipher.class);

	private static final String PLAIN = "plain:";

	private static final String TINK = "tink:";

	private static final String CHECK = "keymux";

	private final @Nullable EncryptionKey key;

	SecretCipher(EncryptionProperties properties, Vault vault) {
		String text = properties.encryptionKey();
		this.key = (text != null && !text.isBlank()) ? EncryptionKey.read(text, vault.salt()) : null;
		if (this.key == null) {
			logger.warn("SECRETS ARE STORED IN PLAIN TEXT: set KEYMUX_ENCRYPTION_KEY to encrypt them at rest");
		}
		check(vault);
	}

	/**
	 * Seals a secret.
	 * @param secret the secret
	 * @param context what it belongs to; it opens nowhere else
	 * @return what may be stored
	 */
	public String seal(String secret, String context) {
		if (this.key == null) {
			return PLAIN + secret;
		}
		try {
			byte[] sealed = this.key.aead().encrypt(bytes(secret), bytes(context));
			return TINK + this.key.id() + ":" + Base64.getEncoder().encodeToString(sealed);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Encryption with key '%s' failed".formatted(this.key.id()), ex);
		}
	}

	/**
	 * Opens what was sealed.
	 * @param sealed the stored text
	 * @param context what it belongs to
	 * @return the secret
	 * @throws SealedSecretException if this node has no key that opens it
	 */
	public String open(String sealed, String context) {
		if (sealed.startsWith(PLAIN)) {
			return sealed.substring(PLAIN.length());
		}
		int end = sealed.indexOf(':', TINK.length());
		if (!sealed.startsWith(TINK) || end < 0) {
			throw new SealedSecretException("unknown");
		}
		String keyId = sealed.substring(TINK.length(), end);
		if (this.key == null) {
			throw new SealedSecretException(keyId);
		}
		try {
			byte[] bytes = Base64.getDecoder().decode(sealed.substring(end + 1));
			return new String(this.key.aead().decrypt(bytes, bytes(context)), StandardCharsets.UTF_8);
		}
		catch (GeneralSecurityException | IllegalArgumentException ex) {
			throw new SealedSecretException(keyId);
		}
	}

	/** A wrong key is told at start, not by the first request. */
	private void check(Vault vault) {
		String sealed = vault.keyCheck();
		if (sealed == null) {
			if (this.key != null) {
				vault.keyCheck(seal(CHECK, CHECK));
			}
			return;
		}
		try {
			open(sealed, CHECK);
		}
		catch (SealedSecretException ex) {
			throw new StartFailure(
					"KEYMUX_ENCRYPTION_KEY %s, but secrets in the database are encrypted with key '%s'.".formatted(
							(this.key != null) ? "is key '%s'".formatted(this.key.id()) : "is not set", ex.keyId()),
					"Start with the encryption key this database was written with.");
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
