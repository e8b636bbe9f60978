package io.keymux.gateway.crypto;

/**
 * Seals secrets anew, and counts them; what this node cannot open stays as it is.
 */
public final class Resealing {

	private final SecretCipher cipher;

	private final Sealer sealer;

	private int resealed;

	private int unreadable;

	Resealing(SecretCipher cipher, Sealer sealer) {
		this.cipher = cipher;
		this.sealer = sealer;
	}

	/**
	 * Seals a secret anew.
	 * @param sealed the stored text
	 * @param context what it belongs to
	 * @return what is to be stored; the same text if there is nothing to be done
	 */
	public String reseal(String sealed, String context) {
		if (sealed.startsWith(this.cipher.presentPrefix())) {
			return sealed;
		}
		String secret = this.cipher.openOrNull(sealed, context);
		if (secret == null) {
			this.unreadable++;
			return sealed;
		}
		this.resealed++;
		return this.sealer.seal(secret, context);
	}

	/**
	 * How many secrets were sealed anew.
	 * @return number of secrets
	 */
	public int resealed() {
		return this.resealed;
	}

	/**
	 * How many secrets could not be opened.
	 * @return number of secrets
	 */
	public int unreadable() {
		return this.unreadable;
	}

}
