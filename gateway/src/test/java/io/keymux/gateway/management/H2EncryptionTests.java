package io.keymux.gateway.management;

/** Encryption at rest on the embedded database. */
class H2EncryptionTests extends EncryptionContract {

	@Override
	String database(String name) {
		return "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;LOCK_TIMEOUT=10000;DB_CLOSE_DELAY=-1"
			.formatted(name);
	}

	@Override
	int many() {
		return 5_000;
	}

}
