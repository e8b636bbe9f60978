package io.keymux.gateway.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.keymux.gateway.GatewayApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What the command line does with a database of its own, in a folder. */
class CommandsTests {

	private static final String A = "KEYMUX_ENCRYPTION_KEY";

	private static final String OLD = "KEYMUX_DECRYPTION_KEY";

	private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

	@TempDir
	@SuppressWarnings("NullAway.Init") // injected
	Path folder;

	@Test
	void enablesRotatesAndDisablesEncryption() throws SQLException {
		assertThat(run(Map.of(), "encryption", "status")).isZero();
		assertThat(printed()).contains("State:       disabled", "Key:         none");
		store();
		assertThat(run(Map.of(), "encryption", "enable")).isOne();
		assertThat(printed()).contains("KEYMUX_ENCRYPTION_KEY is not set (expected: the key that is to seal");
		assertThat(run(Map.of(A, "first"), "encryption", "enable")).isZero();
		assertThat(printed()).contains("3 secrets are sealed anew, with key '", "Start every node with this key");
		assertThat(secrets()).allMatch((secret) -> secret.startsWith("tink:"));
		assertThat(run(Map.of(), "encryption", "status")).isOne();
		assertThat(printed()).contains("State:       unreadable", "Unreadable:  3");
		assertThat(run(Map.of(A, "second"), "encryption", "enable")).isOne();
		assertThat(printed()).contains("The database is encrypted with key '", "Give it as KEYMUX_DECRYPTION_KEY");
		assertThat(run(Map.of(A, "second", OLD, "first"), "encryption", "enable")).isOne();
		assertThat(printed()).contains("Use 'rotate'");
		assertThat(run(Map.of(A, "second", OLD, "first"), "encryption", "rotate")).isZero();
		assertThat(printed()).contains("3 secrets are sealed anew", "the former key is not needed any more");
		assertThat(run(Map.of(A, "second", OLD, "first"), "encryption", "disable")).isOne();
		assertThat(run(Map.of(OLD, "first"), "encryption", "disable")).isOne();
		assertThat(run(Map.of(A, "second"), "encryption", "rotate")).isZero();
		assertThat(printed()).contains("0 secrets are sealed anew");
		assertThat(run(Map.of(OLD, "second"), "encryption", "disable")).isZero();
		assertThat(printed()).contains("3 secrets are opened and stored in plain text");
		assertThat(secrets()).containsExactly("plain:session", "plain:sk-stored-1", "plain:sk-stored-2");
		assertThat(run(Map.of(), "encryption", "status")).isZero();
		assertThat(query("select action from keymux_audit order by id")).containsExactly("encryption.enable",
				"encryption.rotate", "encryption.rotate", "encryption.disable");
		assertThat(this.folder.resolve("initial-admin-key")).doesNotExist();
	}

	@Test
	void readsKeysFromFilesAndNeverFromArguments() throws IOException {
		Path file = Files.writeString(this.folder.resolve("key"), "from a file\n");
		assertThat(run(Map.of("KEYMUX_ENCRYPTION_KEY_FILE", file.toString()), "encryption", "status")).isZero();
		assertThat(printed()).contains("State:       enabled").doesNotContain("from a file");
		assertThat(run(Map.of(), "encryption", "status", "--keymux.encryption-key=hush")).isEqualTo(2);
		assertThat(printed()).contains("never from arguments").doesNotContain("hush");
		assertThat(run(Map.of(A, "hush", "KEYMUX_ENCRYPTION_KEY_FILE", file.toString()), "encryption", "status"))
			.isOne();
		assertThat(printed()).contains("are both set").doesNotContain("hush");
	}

	@Test
	void showsItsUsage() {
		assertThat(run(Map.of(), "help")).isZero();
		assertThat(printed()).startsWith("Usage: java -jar gateway.jar");
		assertThat(run(Map.of(), "hush")).isEqualTo(2);
		assertThat(printed()).contains("There is no such command.", "Usage: ").doesNotContain("hush");
		assertThat(run(Map.of(), "encryption")).isEqualTo(2);
		assertThat(run(Map.of(), "encryption", "forget")).isEqualTo(2);
		assertThat(run(Map.of(), "import")).isEqualTo(2);
		assertThat(run(Map.of(), "import", "gpt-load", "--help")).isZero();
		assertThat(printed()).contains("Usage: import gpt-load");
	}

	@Test
	void saysWhatToDoWhileANodeHasTheDatabaseOpen() throws Exception {
		run(Map.of(), "encryption", "status");
		printed();
		ProcessBuilder program = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				GatewayApplication.class.getName(), "encryption", "status")
			.redirectErrorStream(true);
		program.environment().putAll(environment(Map.of(A, "from the environment")));
		try (Connection _ = connect()) {
			Process process = program.start();
			String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
			assertThat(text).contains("A node that runs has the embedded database open", "POST /api/encryption/rotate");
			assertThat(process.exitValue()).isOne();
		}
		Process process = program.start();
		String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(text).contains("State:       enabled").doesNotContain("INFO", "from the environment");
		assertThat(process.exitValue()).isZero();
	}

	private int run(Map<String, String> keys, String... arguments) {
		try (PrintStream out = new PrintStream(this.printed, true, StandardCharsets.UTF_8)) {
			return Commands.run(List.of(arguments), environment(keys), out);
		}
	}

	private Map<String, String> environment(Map<String, String> keys) {
		Map<String, String> environment = new java.util.HashMap<>(keys);
		environment.put("KEYMUX_DATABASE_URL", url());
		environment.put("KEYMUX_DATA_DIR", this.folder.toString());
		return environment;
	}

	private String printed() {
		String text = this.printed.toString(StandardCharsets.UTF_8);
		this.printed.reset();
		return text;
	}

	private String url() {
		return "jdbc:h2:file:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
			.formatted(this.folder.resolve("keymux"));
	}

	private Connection connect() throws SQLException {
		return DriverManager.getConnection(url(), "sa", "");
	}

	/**
	 * Two keys and what signs logins in plain text, as a node without an encryption key
	 * has left them.
	 */
	private void store() throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(
					"""
							insert into keymux_group (name, version, provider, enabled, settings, header_rules, body_overrides,
							model_aliases, strict_models) values ('stored', 1, 'openai', true, '{}', '[]', '{}', '{}', false)""");
			statement.execute("insert into keymux_session_key (id, secret) values (1, 'plain:session')");
			for (int i = 1; i <= 2; i++) {
				statement.execute("insert into keymux_provider_key (group_id, secret, secret_hash, masked, created_at) "
						+ "select id, 'plain:sk-stored-%1$d', 'hash-%1$d', '…', now() from keymux_group".formatted(i));
			}
		}
	}

	private List<String> secrets() throws SQLException {
		return query(
				"select secret from keymux_provider_key union all select secret from keymux_session_key order by 1");
	}

	private List<String> query(String sql) throws SQLException {
		List<String> found = new java.util.ArrayList<>();
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				java.sql.ResultSet rows = statement.executeQuery(sql)) {
			while (rows.next()) {
				found.add(rows.getString(1));
			}
		}
		return found;
	}

}
