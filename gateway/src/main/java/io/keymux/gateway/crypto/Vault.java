package io.keymux.gateway.crypto;

import java.util.Base64;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The one row that makes this database's hashes and ciphertexts its own. */
@Component
public class Vault {

	private static final Base64.Encoder ENCODER = Base64.getEncoder();

	private static final Base64.Decoder DECODER = Base64.getDecoder();

	private final JdbcClient jdbc;

	private final byte[] hashKey;

	private final byte[] salt;

	Vault(JdbcClient jdbc) {
		this.jdbc = jdbc;
		createIfAbsent();
		this.hashKey = DECODER.decode(read("hash_key"));
		this.salt = DECODER.decode(read("salt"));
	}

	byte[] hashKey() {
		return this.hashKey.clone();
	}

	byte[] salt() {
		return this.salt.clone();
	}

	/**
	 * What the encryption key must be able to open, if there ever was one.
	 * @return sealed text, or null while everything is stored in plain text
	 */
	@Nullable String keyCheck() {
		return readNullable("key_check");
	}

	void keyCheck(@Nullable String sealed) {
		write("key_check", sealed);
	}

	/**
	 * Says with which key this database is encrypted, unless a node has said so before.
	 * @param sealed sealed text
	 * @return what stands there now
	 */
	@Nullable String claim(String sealed) {
		int claimed = this.jdbc.sql("update keymux_vault set key_check = ? where id = 1 and key_check is null")
			.param(sealed)
			.update();
		// A locking read, as this transaction may not see yet what another has committed.
		return (claimed > 0) ? sealed
				: this.jdbc.sql("select key_check from keymux_vault where id = 1 and key_check is not null for update")
					.query(String.class)
					.optional()
					.orElse(null);
	}

	/**
	 * The hash of the admin key that was generated at the first start.
	 * @return the hash, or null if none was generated
	 */
	public @Nullable KeyHash adminKeyHash() {
		String text = readNullable("admin_key_hash");
		return (text != null) ? KeyHash.parse(text) : null;
	}

	/**
	 * Remembers a generated admin key, unless another node was first.
	 * @param hash its hash
	 * @return whether it is the one that is remembered
	 */
	public boolean claimAdminKey(KeyHash hash) {
		return this.jdbc.sql("update keymux_vault set admin_key_hash = ? where id = 1 and admin_key_hash is null")
			.param(hash.text())
			.update() > 0;
	}

	/** Nodes may start together: whoever comes second takes what the first one wrote. */
	private void createIfAbsent() {
		if (this.jdbc.sql("select count(*) from keymux_vault").query(Long.class).single() > 0) {
			return;
		}
		try {
			this.jdbc.sql("insert into keymux_vault (id, hash_key, salt) values (1, ?, ?)")
				.param(ENCODER.encodeToString(Secrets.bytes(32)))
				.param(ENCODER.encodeToString(Secrets.bytes(16)))
				.update();
		}
		catch (DuplicateKeyException ex) {
			// another node was first; its row is read
		}
	}

	private String read(String column) {
		return this.jdbc.sql("select " + column + " from keymux_vault where id = 1").query(String.class).single();
	}

	private @Nullable String readNullable(String column) {
		return this.jdbc.sql("select " + column + " from keymux_vault where id = 1 and " + column + " is not null")
			.query(String.class)
			.optional()
			.orElse(null);
	}

	private void write(String column, @Nullable String value) {
		this.jdbc.sql("update keymux_vault set " + column + " = ? where id = 1").param(value).update();
	}

}
