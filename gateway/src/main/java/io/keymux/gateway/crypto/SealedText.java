package io.keymux.gateway.crypto;

/**
 * A stored secret taken apart: {@code plain:<secret>} or {@code tink:<key id>:<base64>}.
 *
 * @param keyId id of the key that sealed it, {@value #PLAIN} without one
 * @param content the secret, or its ciphertext
 */
record SealedText(String keyId, String content) {

	/** Stands for the key of what is stored in plain text. */
	static final String PLAIN = "plain";

	private static final String PLAIN_PREFIX = PLAIN + ":";

	private static final String TINK_PREFIX = "tink:";

	static SealedText parse(String text) {
		if (text.startsWith(PLAIN_PREFIX)) {
			return new SealedText(PLAIN, text.substring(PLAIN_PREFIX.length()));
		}
		int end = text.indexOf(':', TINK_PREFIX.length());
		return (text.startsWith(TINK_PREFIX) && end > 0)
				? new SealedText(text.substring(TINK_PREFIX.length(), end), text.substring(end + 1))
				: new SealedText("unknown", text);
	}

	/** What text begins with that a key has sealed. */
	static String prefix(String keyId) {
		return keyId.equals(PLAIN) ? PLAIN_PREFIX : TINK_PREFIX + keyId + ":";
	}

	boolean plain() {
		return this.keyId.equals(PLAIN);
	}

	String text() {
		return prefix(this.keyId) + this.content;
	}

	@Override
	public String toString() {
		return "SealedText[keyId=" + this.keyId + "]";
	}

}
