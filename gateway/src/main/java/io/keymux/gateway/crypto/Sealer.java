package io.keymux.gateway.crypto;

/** Seals secrets; whether this node may do so has been asked before. */
public interface Sealer {

	/**
	 * Seals a secret.
	 * @param secret the secret
	 * @param context what it belongs to; it opens nowhere else
	 * @return what may be stored
	 */
	String seal(String secret, String context);

}
