package io.keymux.gateway.management;

/** Encryption at rest on a real MariaDB server. */
class MariaDbEncryptionTests extends EncryptionContract {

	@Override
	String database(String name) {
		return MariaDb.url(name);
	}

	@Override
	int many() {
		return 100_000;
	}

}
