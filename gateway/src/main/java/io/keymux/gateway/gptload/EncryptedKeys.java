package io.keymux.gateway.gptload;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Tells encrypted keys from plain ones and opens them; a missing or wrong encryption key
 * is found out before anything is written.
 */
final class EncryptedKeys {

	/** Environment variable with the encryption key. */
	static final String VARIABLE = "GPT_LOAD_ENCRYPTION_KEY";

	private final @Nullable KeyCipher cipher;

	private final List<Long> closed = new ArrayList<>();

	private final List<Long> unhashed = new ArrayList<>();

	private int opened;

	EncryptedKeys(@Nullable KeyCipher cipher) {
		this.cipher = cipher;
	}

	/**
	 * Opens a key.
	 * @param key the key as stored
	 * @return the key itself, or null if it stays closed
	 */
	@Nullable String open(Source.Key key) {
		if (KeyCipher.plainHash(key.value()).equalsIgnoreCase(key.hash())) {
			return key.value();
		}
		if (!KeyCipher.sealed(key.value())) {
			this.unhashed.add(key.id());
			return key.value();
		}
		String secret = (this.cipher != null) ? this.cipher.open(key.value()) : null;
		if (secret == null || this.cipher == null || !this.cipher.hash(secret).equalsIgnoreCase(key.hash())) {
			this.closed.add(key.id());
			return null;
		}
		this.opened++;
		return secret;
	}

	/**
	 * Judges the encryption key by all keys.
	 * @param findings where single keys that do not fit are noted
	 * @throws ImportRefused if the encryption key is missing or wrong
	 */
	void check(Findings findings) {
		if (!this.closed.isEmpty() && this.cipher == null) {
			throw new ImportRefused(("gpt-load encrypted %s, the first with id %d. Give the value of its "
					+ "ENCRYPTION_KEY in %s, or a file with --encryption-key-file.")
				.formatted(Findings.count(this.closed.size(), "provider key"), this.closed.getFirst(), VARIABLE));
		}
		if (!this.closed.isEmpty() && this.opened == 0) {
			throw new ImportRefused("The encryption key is not the one gpt-load encrypted its keys with: it opens none "
					+ "of %s.".formatted(Findings.count(this.closed.size(), "provider key")));
		}
		if (!this.closed.isEmpty()) {
			findings.left("provider keys", Findings.ids(this.closed),
					"they do not open with the encryption key, which opens %s: another one encrypted them, or they are damaged"
						.formatted(Findings.count(this.opened, "other")));
		}
		if (!this.unhashed.isEmpty()) {
			findings.changed("provider keys", Findings.ids(this.unhashed),
					"moved as they stand: their hashes do not belong to them, and they do not look encrypted");
		}
	}

}
