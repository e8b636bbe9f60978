package io.keymux.gateway.encryption;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.keymux.gateway.crypto.SealedSecrets;
import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.encryption.EncryptionState.SecretCount;
import io.keymux.gateway.encryption.EncryptionState.Word;

import org.springframework.stereotype.Service;

/** Tells how the stored secrets are encrypted. */
@Service
public class Encryption {

	private final SecretCipher cipher;

	private final List<SealedSecrets> secrets;

	Encryption(SecretCipher cipher, List<SealedSecrets> secrets) {
		this.cipher = cipher;
		this.secrets = secrets.stream().sorted(Comparator.comparing(SealedSecrets::kind)).toList();
	}

	/**
	 * Counts the stored secrets by their keys. Blocks.
	 * @return how they are encrypted
	 */
	public EncryptionState state() {
		List<SecretCount> counts = new ArrayList<>();
		for (SealedSecrets kind : this.secrets) {
			kind.countByKey().forEach((keyId, count) -> counts.add(new SecretCount(kind.kind(), keyId, count)));
		}
		long unreadable = counts.stream()
			.filter((count) -> !this.cipher.opens(count.keyId()))
			.mapToLong(SecretCount::count)
			.sum();
		long pending = counts.stream().filter(this::pending).mapToLong(SecretCount::count).sum();
		return new EncryptionState(word(pending, unreadable), this.cipher.keyId(), this.cipher.keyIds(),
				this.cipher.databaseKeyId(), counts, pending, unreadable);
	}

	private boolean pending(SecretCount count) {
		return this.cipher.opens(count.keyId()) && !count.keyId().equals(presentKeyId());
	}

	private Word word(long pending, long unreadable) {
		if (unreadable > 0 || this.cipher.refusal() != null) {
			return Word.UNREADABLE;
		}
		String databaseKeyId = this.cipher.databaseKeyId();
		if (pending > 0 || (databaseKeyId != null && !databaseKeyId.equals(presentKeyId()))) {
			return Word.ROTATING;
		}
		return (this.cipher.keyId() != null) ? Word.ENABLED : Word.DISABLED;
	}

	private String presentKeyId() {
		String keyId = this.cipher.keyId();
		return (keyId != null) ? keyId : SecretCipher.PLAIN;
	}

}
