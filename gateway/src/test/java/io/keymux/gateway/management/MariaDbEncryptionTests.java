package io.keymux.gateway.management;

/** Encryption at rest on a real MariaDB server. */
class MariaDbEncryptionTests extends EncryptionContract {

	@Override
	String database(String name) {
		return MariaDb.url(name);
	}

	/** A hundred thousand take two minutes: {@code -Dkeymux.test.many=100000}. */
	@Override
	int many() {
		return Integer.getInteger("keymux.test.many", 10_000);
	}

}
