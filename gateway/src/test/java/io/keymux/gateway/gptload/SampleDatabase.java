package io.keymux.gateway.gptload;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/** A database with gpt-load's tables, to be filled the way gpt-load fills it. */
final class SampleDatabase implements AutoCloseable {

	static final String PASSPHRASE = "Enc-Key-One-0123456789abcdefXYZ";

	/** Seen in a database of gpt-load 1.4.9 that runs with the passphrase. */
	static final String SEALED = "19bd5383af03973dba167a374ceaf52c34057d26b31d1aba48405c4276a67bde6e9439964b2f45954b374033";

	static final String SEALED_HASH = "cc588164ad8b5161caaa7224ed210e368019e4e7b66612239d0572c907e90b85";

	static final String OPENED = "sk-key-aaaaaaaa2";

	private static final List<String> TABLES = List.of("""
			create table system_settings (id %1$s, setting_key varchar(255) not null unique,
			setting_value text not null, description varchar(512), created_at datetime, updated_at datetime)""",
			"""
					create table `groups` (id %1$s, name varchar(255) not null unique, display_name varchar(255), proxy_keys text,
					description varchar(512), group_type varchar(50) default 'standard', upstreams json not null,
					validation_endpoint varchar(255), channel_type varchar(50) not null, sort int default 0,
					test_model varchar(255) not null, param_overrides json, config json, header_rules json,
					model_redirect_rules json, model_redirect_strict %2$s default false, last_validated_at datetime,
					created_at datetime, updated_at datetime)""",
			"""
					create table group_sub_groups (id %1$s, group_id bigint not null, sub_group_id bigint not null,
					weight int default 0, created_at datetime, updated_at datetime,
					unique (group_id, sub_group_id))""",
			"""
					create table api_keys (id %1$s, key_value text not null, key_hash varchar(128), group_id bigint not null,
					status varchar(50) not null default 'active', notes varchar(255) default '',
					request_count bigint not null default 0, failure_count bigint not null default 0, last_used_at datetime,
					created_at datetime, updated_at datetime)""",
			"""
					create table request_logs (id varchar(36) primary key, `timestamp` datetime not null, group_id bigint not null,
					key_value text, request_body text)""",
			"""
					create table group_hourly_stats (id %1$s, `time` datetime not null, group_id bigint not null,
					success_count bigint not null default 0, failure_count bigint not null default 0)""");

	private final Connection connection;

	private SampleDatabase(Connection connection) {
		this.connection = connection;
	}

	static SampleDatabase sqlite(String url) throws SQLException {
		return create(url, "integer primary key autoincrement", "numeric");
	}

	static SampleDatabase mySql(String url) throws SQLException {
		return create(url, "bigint unsigned auto_increment primary key", "boolean");
	}

	private static SampleDatabase create(String url, String id, String bool) throws SQLException {
		Connection connection = url.startsWith("jdbc:mysql:") ? DriverManager.getConnection(url, "root", "")
				: DriverManager.getConnection(url);
		SampleDatabase database = new SampleDatabase(connection);
		for (String table : TABLES) {
			database.run(table.formatted(id, bool));
		}
		return database;
	}

	void run(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	void setting(String key, String value) throws SQLException {
		insert("system_settings", Map.of("setting_key", key, "setting_value", value, "description", "as gpt-load"));
	}

	/** A standard group of OpenAI with one upstream, unless values say otherwise. */
	void group(long id, String name, Map<String, Object> values) throws SQLException {
		Map<String, Object> row = new LinkedHashMap<>(Map.of("id", id, "name", name, "display_name", "", "proxy_keys",
				"", "description", "", "upstreams", "[{\"url\":\"https://api.openai.com\",\"weight\":1}]",
				"channel_type", "openai", "test_model", "gpt-4.1-nano"));
		row.put("validation_endpoint", "");
		row.putAll(values);
		insert("`groups`", row);
	}

	void member(long group, long member, int weight) throws SQLException {
		insert("group_sub_groups", Map.of("group_id", group, "sub_group_id", member, "weight", weight));
	}

	void plainKey(long group, String secret, String status, String note) throws SQLException {
		key(group, secret, KeyCipher.plainHash(secret), status, note);
	}

	void key(long group, String value, String hash, String status, String note) throws SQLException {
		insert("api_keys", Map.of("group_id", group, "key_value", value, "key_hash", hash, "status", status, "notes",
				note, "request_count", 7));
	}

	/** Encrypts a key as gpt-load does, with a nonce of its own for each key. */
	void sealedKey(long group, String passphrase, String secret) throws SQLException, GeneralSecurityException {
		byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
			.generateSecret(new PBEKeySpec(passphrase.toCharArray(),
					"gpt-load-encryption-v1".getBytes(StandardCharsets.UTF_8), 100_000, 256))
			.getEncoded();
		byte[] plain = secret.getBytes(StandardCharsets.UTF_8);
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(key, "HmacSHA256"));
		byte[] hash = mac.doFinal(plain);
		byte[] nonce = Arrays.copyOf(hash, 12);
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
		HexFormat hex = HexFormat.of();
		key(group, hex.formatHex(nonce) + hex.formatHex(cipher.doFinal(plain)), hex.formatHex(hash), "active", "");
	}

	/** Many plain keys in one transaction. */
	void plainKeys(long group, int count) throws SQLException {
		this.connection.setAutoCommit(false);
		try (PreparedStatement insert = this.connection
			.prepareStatement("insert into api_keys (group_id, key_value, key_hash) values (?, ?, ?)")) {
			for (int i = 0; i < count; i++) {
				String secret = "sk-many-%06d".formatted(i);
				insert.setLong(1, group);
				insert.setString(2, secret);
				insert.setString(3, KeyCipher.plainHash(secret));
				insert.addBatch();
			}
			insert.executeBatch();
		}
		this.connection.commit();
		this.connection.setAutoCommit(true);
	}

	private void insert(String table, Map<String, ? extends @Nullable Object> row) throws SQLException {
		String marks = String.join(", ", row.keySet().stream().map((_) -> "?").toList());
		try (PreparedStatement insert = this.connection.prepareStatement(
				"insert into %s (%s) values (%s)".formatted(table, String.join(", ", row.keySet()), marks))) {
			int index = 1;
			for (Object value : row.values()) {
				insert.setObject(index++, value);
			}
			insert.executeUpdate();
		}
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
