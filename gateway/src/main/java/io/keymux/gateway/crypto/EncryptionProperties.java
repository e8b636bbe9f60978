package io.keymux.gateway.crypto;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How secrets are encrypted at rest.
 *
 * @param encryptionKey passphrase or Tink JSON keyset; empty keeps secrets in plain text
 */
@ConfigurationProperties("keymux")
record EncryptionProperties(@Nullable String encryptionKey) {

	@Override
	public String toString() {
		return "EncryptionProperties";
	}

}
