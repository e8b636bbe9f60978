package io.keymux.gateway.crypto;

import java.security.GeneralSecurityException;
import java.util.UUID;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.keymux.gateway.problem.StartFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SecretCipherTests {

	private static final String A = "passphrase a";

	private static final String B = "passphrase b";

	private final DriverManagerDataSource database = new DriverManagerDataSource(
			"jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
				.formatted(UUID.randomUUID()));

	private final JdbcClient jdbc = JdbcClient.create(this.database);

	@BeforeEach
	void createTables() {
		DatabasePopulatorUtils.execute(
				new ResourceDatabasePopulator(new ClassPathResource("db/migration/V1__groups_and_keys.sql")),
				this.database);
	}

	@Test
	void sealedTextNamesItsKeyAndOpensOnlyWhereItBelongs() {
		SecretCipher cipher = cipher(A, null);
		String sealed = cipher.seal("sk-1", "here");
		assertThat(sealed).startsWith("tink:" + cipher.keyId() + ":").doesNotContain("sk-1");
		assertThat(SecretCipher.keyId(sealed)).isEqualTo(cipher.keyId());
		assertThat(cipher.open(sealed, "here")).isEqualTo("sk-1");
		assertThatExceptionOfType(SealedSecretException.class).isThrownBy(() -> cipher.open(sealed, "there"))
			.withMessage("A stored secret was changed or moved: encryption key '%s' does not open it.", cipher.keyId());
		assertThat(cipher.openOrNull("nonsense", "here")).isNull();
	}

	@Test
	void secretsAreStoredAsTheyAreWithoutAKey() {
		SecretCipher cipher = cipher(null, null);
		assertThat(cipher.seal("sk-1", "here")).isEqualTo("plain:sk-1");
		assertThat(cipher.open("plain:sk-1", "anywhere")).isEqualTo("sk-1");
		assertThat(cipher.keyId()).isNull();
		assertThat(cipher.databaseKeyId()).isNull();
	}

	@Test
	void passphraseMakesTheSameKeyOnEveryNodeOfADatabase() {
		String sealed = cipher(A, null).seal("sk-1", "here");
		assertThat(cipher(A, null).open(sealed, "here")).isEqualTo("sk-1");
		assertThat(cipher(A, null).keyId()).isEqualTo(cipher(A, B).keyId()).isNotEqualTo(cipher(B, A).keyId());
	}

	@Test
	void decryptionKeyOpensAndNeverSeals() {
		String sealed = cipher(A, null).seal("sk-1", "here");
		SecretCipher next = cipher(B, A);
		assertThat(next.open(sealed, "here")).isEqualTo("sk-1");
		assertThat(next.keyIds()).hasSize(2);
		assertThat(cipher(B, null).openOrNull(next.seal("sk-2", "here"), "here")).isEqualTo("sk-2");
		SecretCipher leaving = cipher(null, A);
		assertThat(leaving.open(sealed, "here")).isEqualTo("sk-1");
		assertThat(leaving.seal("sk-3", "here")).isEqualTo("plain:sk-3");
	}

	@Test
	void allKeysOfAKeysetOpenAndThePrimarySeals() throws GeneralSecurityException {
		AeadConfig.register();
		KeysetHandle first = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
		KeysetHandle both = KeysetHandle.newBuilder(first)
			.addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.XCHACHA20_POLY1305)
				.withRandomId()
				.makePrimary())
			.build();
		String sealed = cipher(json(first), null).seal("sk-1", "here");
		SecretCipher rotated = cipher(json(both), null);
		assertThat(rotated.keyIds()).hasSize(2).contains(SecretCipher.keyId(sealed));
		assertThat(rotated.open(sealed, "here")).isEqualTo("sk-1");
		assertThat(SecretCipher.keyId(rotated.seal("sk-2", "here"))).isNotEqualTo(SecretCipher.keyId(sealed))
			.isEqualTo("%08x".formatted(both.getPrimary().getId()));
		assertThat(cipher(json(both), json(first)).keyIds()).hasSize(2);
	}

	@Test
	void refusesTwoKeysOfOneId() throws GeneralSecurityException {
		AeadConfig.register();
		String one = json(withId(77));
		String other = json(withId(77));
		assertThatExceptionOfType(StartFailure.class).isThrownBy(() -> cipher(one, other))
			.withMessage("Two different encryption keys have the id '0000004d' (expected: an id names one key).");
	}

	@Test
	void nodeWithoutTheKeyOfTheDatabaseSealsNothing() {
		cipher(A, null).seal("sk-1", "here");
		for (@Nullable
		String key : new @Nullable String[] { B, null }) {
			SecretCipher wrong = cipher(key, null);
			assertThat(wrong.refusal()).startsWith("The database is encrypted with key '");
			assertThatExceptionOfType(SealingRefused.class).isThrownBy(() -> wrong.seal("sk-2", "here"))
				.withMessageStartingWith("No secret can be stored: The database is encrypted with key '");
		}
		assertThat(cipher(B, A).refusal()).isNull();
		assertThat(cipher(null, A).refusal()).isNull();
	}

	@Test
	void onlyTheFirstSecretClaimsTheDatabase() {
		SecretCipher first = cipher(A, null);
		SecretCipher second = cipher(B, null);
		assertThat(first.databaseKeyId()).isNull();
		second.seal("sk-1", "here");
		assertThat(first.databaseKeyId()).isEqualTo(second.keyId());
		assertThatExceptionOfType(SealingRefused.class).isThrownBy(() -> first.seal("sk-2", "here"));
	}

	@Test
	void databaseMovesToTheKeyOfTheNodeThatAdoptsIt() {
		SecretCipher former = cipher(A, null);
		former.seal("sk-1", "here");
		SecretCipher next = cipher(B, A);
		next.adopt();
		assertThat(next.databaseKeyId()).isEqualTo(next.keyId());
		assertThat(former.refusal()).isNotNull();
		SecretCipher leaving = cipher(null, B);
		leaving.adopt();
		assertThat(leaving.databaseKeyId()).isNull();
		assertThat(former.refusal()).isNull();
		assertThatExceptionOfType(SealingRefused.class).isThrownBy(() -> {
			next.adopt();
			former.adopt();
		});
	}

	@Test
	void resealsWhatAnotherKeyHasSealedAndCountsWhatItCannotOpen() {
		String sealed = cipher(A, null).seal("sk-1", "here");
		Resealing resealing = cipher(B, A).resealing();
		String resealed = resealing.reseal(sealed, "here");
		assertThat(cipher(B, null).open(resealed, "here")).isEqualTo("sk-1");
		assertThat(resealing.reseal(resealed, "here")).isSameAs(resealed);
		assertThat(resealing.reseal("tink:ffffffff:AAAA", "here")).isEqualTo("tink:ffffffff:AAAA");
		assertThat(resealing.reseal("plain:sk-2", "here")).startsWith("tink:");
		assertThat(resealing.resealed()).isEqualTo(2);
		assertThat(resealing.unreadable()).isEqualTo(1);
	}

	private static KeysetHandle withId(int id) throws GeneralSecurityException {
		return KeysetHandle.newBuilder()
			.addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
				.withFixedId(id)
				.makePrimary())
			.build();
	}

	private static String json(KeysetHandle keyset) throws GeneralSecurityException {
		return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get());
	}

	private SecretCipher cipher(@Nullable String sealing, @Nullable String opening) {
		return new SecretCipher(new EncryptionProperties(sealing, null, opening, null), new Vault(this.jdbc));
	}

}
