package io.keymux.gateway.crypto;

/** A stored secret this node has no key for. */
public class SealedSecretException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String keyId;

	SealedSecretException(String keyId) {
		super("A stored secret is sealed with encryption key '%s', which this node does not have".formatted(keyId));
		this.keyId = keyId;
	}

	/**
	 * The key that would open it.
	 * @return its id
	 */
	public String keyId() {
		return this.keyId;
	}

}
