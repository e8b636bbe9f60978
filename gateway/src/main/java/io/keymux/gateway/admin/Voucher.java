package io.keymux.gateway.admin;

/** Knows which credentials are still good, by their fingerprints. */
public interface Voucher {

	/**
	 * Whether a credential is still what it was when something was built on it.
	 * @param fingerprint fingerprint of the credential
	 * @return false if it was changed, disabled or deleted, or is not known here
	 */
	boolean vouchesFor(String fingerprint);

}
