package io.keymux.gateway.crypto;

import io.keymux.gateway.problem.Problem;

/** A stored secret this node cannot open. */
public class SealedSecretException extends Problem.Conflict {

	private static final long serialVersionUID = 1L;

	private final String keyId;

	SealedSecretException(String keyId, boolean hasKey) {
		super(hasKey ? "A stored secret was changed or moved: encryption key '%s' does not open it.".formatted(keyId)
				: "A stored secret is sealed with encryption key '%s', which this node does not have."
					.formatted(keyId));
		this.keyId = keyId;
	}

	/**
	 * The key that sealed it.
	 * @return its id
	 */
	public String keyId() {
		return this.keyId;
	}

}
