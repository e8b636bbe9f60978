package io.keymux.gateway.admin;

import org.jspecify.annotations.Nullable;

/** Knows which credentials are still good, by their fingerprints. */
public interface Voucher {

	/**
	 * Says for whom a credential speaks, if it is still what it was when something was
	 * built on it.
	 * @param fingerprint fingerprint of the credential
	 * @param claimed for whom it spoke then, as we have signed it
	 * @return for whom it speaks, or null if it was changed, disabled or deleted, or is
	 * not known here
	 */
	@Nullable Administrator vouchFor(String fingerprint, Administrator claimed);

}
