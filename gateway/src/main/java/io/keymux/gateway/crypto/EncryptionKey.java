package io.keymux.gateway.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeyStatus;
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
 * @param key the key itself
 * @param aead the cipher it makes
 */
record EncryptionKey(String id, Key key, Aead aead) {

	private static final int ITERATIONS = 600_000;

	/**
	 * Reads keys: a JSON object is a keyset, anything else a passphrase.
	 * @param variable where the text comes from
	 * @param text the text
	 * @param salt what makes a passphrase's key this database's own
	 * @return the keys, the one that seals first
	 */
	static List<EncryptionKey> readAll(String variable, String text, byte[] salt) {
		try {
			AeadConfig.register();
			return keys(text.strip().startsWith("{") ? keyset(text) : derive(text, salt));
		}
		catch (GeneralSecurityException | IllegalStateException ex) {
			throw new StartFailure("%s cannot be used: it is no Tink keyset of AEAD keys.".formatted(variable),
					"Give a passphrase, or a cleartext Tink keyset in JSON with an enabled AEAD primary key.");
		}
	}

	@AccessesPartialKey
	private static List<EncryptionKey> keys(KeysetHandle keyset) throws GeneralSecurityException {
		List<EncryptionKey> keys = new ArrayList<>();
		for (int i = 0; i < keyset.size(); i++) {
			KeysetHandle.Entry entry = keyset.getAt(i);
			if (entry.getStatus() == KeyStatus.ENABLED) {
				EncryptionKey key = of(entry.getKey(), entry.getId());
				keys.add(entry.isPrimary() ? 0 : keys.size(), key);
			}
		}
		return keys;
	}

	@AccessesPartialKey
	private static EncryptionKey of(Key key, int id) throws GeneralSecurityException {
		KeysetHandle alone = KeysetHandle.newBuilder()
			.addEntry(KeysetHandle.importKey(key).withFixedId(id).makePrimary())
			.build();
		return new EncryptionKey("%08x".formatted(id), key,
				alone.getPrimitive(RegistryConfiguration.get(), Aead.class));
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

	@Override
	public String toString() {
		return "EncryptionKey[id=" + this.id + "]";
	}

}
