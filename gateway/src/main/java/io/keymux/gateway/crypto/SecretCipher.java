package io.keymux.gateway.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Seals secrets before they are stored, and opens them. Sealed text names the key that
 * sealed it.
 */
@Component
public class SecretCipher {

	/** Stands for the key of what is stored in plain text. */
	public static final String PLAIN = SealedText.PLAIN;

	private static final Logger logger = LoggerFactory.getLogger(SecretCipher.class);

	private static final String CHECK = "keymux";

	private final KeyRing keys;

	private final Vault vault;

	/** The key check this node has opened, so that it is opened once. */
	private volatile @Nullable String opened;

	SecretCipher(EncryptionProperties properties, Vault vault) {
		this.keys = KeyRing.read(properties, vault.salt());
		this.vault = vault;
		String refusal = refusal();
		if (refusal != null) {
			logger.error("{} Groups whose secrets are sealed with it answer 503. Start with it as {} or {}.", refusal,
					EncryptionProperties.ENCRYPTION_KEY, EncryptionProperties.DECRYPTION_KEY);
		}
		else if (this.keys.sealing() == null) {
			logger.warn("SECRETS ARE STORED IN PLAIN TEXT: set {} to encrypt them at rest",
					EncryptionProperties.ENCRYPTION_KEY);
		}
	}

	/**
	 * The id of the key that seals.
	 * @return the id, or null if this node stores secrets in plain text
	 */
	public @Nullable String keyId() {
		EncryptionKey key = this.keys.sealing();
		return (key != null) ? key.id() : null;
	}

	/**
	 * The ids of all keys of this node.
	 * @return ids in order
	 */
	public Set<String> keyIds() {
		return this.keys.ids();
	}

	/**
	 * The id of the key whose owners may store secrets in this database.
	 * @return the id, or null while nothing was ever encrypted
	 */
	public @Nullable String databaseKeyId() {
		String check = this.vault.keyCheck();
		return (check != null) ? SealedText.parse(check).keyId() : null;
	}

	/**
	 * Whether this node has the key of an id.
	 * @param keyId an id, or {@link #PLAIN}
	 * @return true if what it sealed can be opened here
	 */
	public boolean opens(String keyId) {
		return keyId.equals(PLAIN) || this.keys.find(keyId) != null;
	}

	/**
	 * Why this node must not store secrets.
	 * @return one or two sentences, or null if it may
	 */
	public @Nullable String refusal() {
		String check = this.vault.keyCheck();
		return (check == null || openOrNull(check, CHECK) != null) ? null : refusal(SealedText.parse(check).keyId());
	}

	private String refusal(String keyId) {
		String own = this.keys.ids().isEmpty() ? "no key" : "key '%s'".formatted(String.join("', '", this.keys.ids()));
		return "The database is encrypted with key '%s', and this node has %s.".formatted(keyId, own);
	}

	/**
	 * Asks whether this node may store secrets, for as many as are stored at once.
	 * @return seals them
	 * @throws SealingRefused if the database is encrypted with a key this node does not
	 * have
	 */
	public Sealer sealer() {
		String check = this.vault.keyCheck();
		if (check == null && this.keys.sealing() != null) {
			check = this.vault.claim(sealUnasked(CHECK, CHECK));
		}
		if (check != null && !check.equals(this.opened)) {
			if (openOrNull(check, CHECK) == null) {
				throw new SealingRefused(refusal(SealedText.parse(check).keyId()));
			}
			this.opened = check;
		}
		return this::sealUnasked;
	}

	/**
	 * Seals a secret.
	 * @param secret the secret
	 * @param context what it belongs to; it opens nowhere else
	 * @return what may be stored
	 * @throws SealingRefused if the database is encrypted with a key this node does not
	 * have
	 */
	public String seal(String secret, String context) {
		return sealer().seal(secret, context);
	}

	private String sealUnasked(String secret, String context) {
		EncryptionKey key = this.keys.sealing();
		if (key == null) {
			return new SealedText(PLAIN, secret).text();
		}
		try {
			byte[] sealed = key.aead().encrypt(bytes(secret), bytes(context));
			return new SealedText(key.id(), Base64.getEncoder().encodeToString(sealed)).text();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Encryption with key '%s' failed".formatted(key.id()), ex);
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
		String secret = openOrNull(sealed, context);
		if (secret == null) {
			String keyId = SealedText.parse(sealed).keyId();
			throw new SealedSecretException(keyId, opens(keyId));
		}
		return secret;
	}

	/**
	 * Opens what was sealed, if this node can.
	 * @param sealed the stored text
	 * @param context what it belongs to
	 * @return the secret, or null if this node has no key that opens it
	 */
	public @Nullable String openOrNull(String sealed, String context) {
		SealedText text = SealedText.parse(sealed);
		if (text.plain()) {
			return text.content();
		}
		EncryptionKey key = this.keys.find(text.keyId());
		if (key == null) {
			return null;
		}
		try {
			byte[] bytes = Base64.getDecoder().decode(text.content());
			return new String(key.aead().decrypt(bytes, bytes(context)), StandardCharsets.UTF_8);
		}
		catch (GeneralSecurityException | IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Begins to seal secrets anew.
	 * @return seals what is sealed with another key than the present one
	 * @throws SealingRefused if the database is encrypted with a key this node does not
	 * have
	 */
	public Resealing resealing() {
		return new Resealing(this, sealer());
	}

	/**
	 * The key that sealed a secret.
	 * @param sealed the stored text
	 * @return its id, {@link #PLAIN} without one
	 */
	public static String keyId(String sealed) {
		return SealedText.parse(sealed).keyId();
	}

	/**
	 * What a secret is stored as while nothing is encrypted.
	 * @param secret the secret
	 * @return stored text
	 */
	public static String plain(String secret) {
		return new SealedText(PLAIN, secret).text();
	}

	/** What text begins with that needs not be sealed anew. */
	String presentPrefix() {
		String keyId = keyId();
		return SealedText.prefix((keyId != null) ? keyId : PLAIN);
	}

	/**
	 * Says that this node's key, or none, is the one this database is encrypted with from
	 * now on.
	 * @throws SealingRefused if the database is encrypted with a key this node does not
	 * have
	 */
	public void adopt() {
		Sealer sealer = sealer();
		String check = this.vault.keyCheck();
		if (check == null || !check.startsWith(presentPrefix())) {
			this.vault.keyCheck((this.keys.sealing() != null) ? sealer.seal(CHECK, CHECK) : null);
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
