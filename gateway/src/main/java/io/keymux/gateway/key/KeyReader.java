package io.keymux.gateway.key;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.key.ProviderKeyStore.StoredKey;
import io.keymux.gateway.key.ProviderKeyStore.StoredKeys;
import io.keymux.gateway.key.ProviderKeyStore.UnreadableKey;

import org.springframework.jdbc.core.RowCallbackHandler;

/** Opens stored keys; one that does not open keeps no other from being read. */
final class KeyReader implements RowCallbackHandler {

	static final String SELECT = "select id, secret, secret_hash, weight, enabled, note, " + KeyStateColumns.NAMES
			+ " from keymux_provider_key";

	private final SecretCipher cipher;

	private final List<StoredKey> readable = new ArrayList<>();

	private final List<UnreadableKey> unreadable = new ArrayList<>();

	KeyReader(SecretCipher cipher) {
		this.cipher = cipher;
	}

	@Override
	public void processRow(ResultSet row) throws SQLException {
		long id = row.getLong("id");
		int weight = row.getInt("weight");
		boolean enabled = row.getBoolean("enabled");
		String secret = this.cipher.openOrNull(row.getString("secret"), row.getString("secret_hash"));
		if (secret != null) {
			this.readable
				.add(new StoredKey(id, secret, weight, enabled, row.getString("note"), KeyStateColumns.read(row)));
		}
		else {
			this.unreadable.add(new UnreadableKey(id, weight, enabled));
		}
	}

	StoredKeys keys() {
		return new StoredKeys(this.readable, this.unreadable);
	}

}
