package io.keymux.gateway.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.util.SecretBytes;
import io.keymux.gateway.problem.StartFailure;

/**
 * What encrypts, and the name by which ciphertexts refer to it.
 *
 * @param id eight hexadecimal digits
 * @param aead the cipher
 */
record EncryptionKey(String id, Aead aead) {

	private static final int ITERATIONS = 600_000;

	/**
	 * Reads KEYMUX_ENCRYPTION_KEY: a JSON object is a keyset, anything else a passphrase.
	 */
	static EncryptionKey read(String text, byte[] salt) {
		try {
			AeadConfig.register();
			return of(text.strip().startsWith("{") ? keyset(text) : derive(text, salt));
		}
		catch (GeneralSecurityException ex) {
			throw new StartFailure("KEYMUX_ENCRYPTION_KEY cannot be used: it is no Tink keyset of AEAD keys.",
					"Give a passphrase, or a cleartext Tink keyset in JSON with an enabled AEAD primary key.");
		}
	}

	private static EncryptionKey of(KeysetHandle keyset) throws GeneralSecurityException {
		Aead aead = keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
		return new EncryptionKey("%08x".formatted(keyset.getPrimary().getId()), aead);
	}

	private static KeysetHandle keyset(String json) throws GeneralSecurityException {
		return TinkJsonProtoKeysetFormat.parseKeyset(json, InsecureSecretKeyAccess.get());
	}

	/** 32 bytes of key and 4 of key id, so that the same passphrase has the same id. */
	@AccessesPartialKey
	private static KeysetHandle derive(String passphrase, byte[] salt) throws GeneralSecurityException {
		PBEKeySpec specification = new PBEKeySpec(passphrase.toCharArray(), salt, ITERATIONS, 36 * 8);
		byte[] derived = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
			.generateSecret(specification)
			.getEncoded();
		int id = ByteBuffer.wrap(derived, 32, 4).getInt() & 0x7fffffff;
		AesGcmKey key = AesGcmKey.builder()
			.setParameters(PredefinedAeadParameters.AES256_GCM)
			.setKeyBytes(SecretBytes.copyFrom(Arrays.copyOf(derived, 32), InsecureSecretKeyAccess.get()))
			.setIdRequirement(id)
			.build();
		return KeysetHandle.newBuilder().addEntry(KeysetHandle.importKey(key).makePrimary()).build();
	}

}
