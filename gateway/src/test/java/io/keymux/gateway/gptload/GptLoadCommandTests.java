package io.keymux.gateway.gptload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class GptLoadCommandTests {

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();

	private final List<ObjectNode> applied = new ArrayList<>();

	private final List<Boolean> dryRuns = new ArrayList<>();

	@TempDir
	@SuppressWarnings("NullAway.Init") // injected
	Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "", "--dsn", "--dsn=", "--unknown --dsn=x", "misplaced --dsn=x", "--Dsn=misplaced",
			"--dsn=x --dry-run --document=y" })
	void showsTheUsageWhenArgumentsAreWrong(String arguments) {
		assertThat(run(Map.of(), arguments.isEmpty() ? new String[0] : arguments.split(" ")))
			.isEqualTo(GptLoadCommand.WRONG_USAGE);
		assertThat(told()).contains("Usage: import gpt-load").doesNotContain("misplaced");
		assertThat(this.applied).isEmpty();
	}

	@Test
	void showsTheUsageWhenAsked() {
		assertThat(run(Map.of(), "--help")).isEqualTo(GptLoadCommand.DONE);
		assertThat(told()).startsWith("Usage: import gpt-load");
	}

	@Test
	void takesTheDsnFromTheEnvironmentAndHandsTheDocumentOn() throws Exception {
		Map<String, String> environment = Map.of("GPT_LOAD_DSN", database().toString(), "GPT_LOAD_ENCRYPTION_KEY",
				SampleDatabase.PASSPHRASE);
		assertThat(run(environment, "--dry-run")).isEqualTo(GptLoadCommand.DONE);
		assertThat(run(environment)).isEqualTo(GptLoadCommand.DONE);
		assertThat(this.dryRuns).containsExactly(true, false);
		assertThat(this.applied).hasSize(2).element(0).satisfies(GptLoadCommandTests::isWhole);
		assertThat(told()).endsWith("as applied\n");
	}

	@Test
	void takesTheEncryptionKeyFromAFile() throws Exception {
		Path file = Files.writeString(this.folder.resolve("key"), SampleDatabase.PASSPHRASE + "\n");
		assertThat(run(Map.of("GPT_LOAD_ENCRYPTION_KEY", "another"), "--dsn", database().toString(),
				"--encryption-key-file", file.toString()))
			.isEqualTo(GptLoadCommand.DONE);
		assertThat(this.applied).singleElement().satisfies(GptLoadCommandTests::isWhole);
	}

	@Test
	void refusesAnEncryptionKeyFileWithoutAKey() throws Exception {
		Path file = Files.writeString(this.folder.resolve("key"), "\n");
		assertThat(run(Map.of(), "--dsn=x", "--encryption-key-file=" + file)).isEqualTo(GptLoadCommand.REFUSED);
		assertThat(run(Map.of(), "--dsn=x", "--encryption-key-file=" + this.folder.resolve("none")))
			.isEqualTo(GptLoadCommand.REFUSED);
		assertThat(told()).contains("is empty", "cannot be read");
	}

	@Test
	void changesNothingWithoutTheRightEncryptionKey() throws Exception {
		String dsn = database().toString();
		Path file = this.folder.resolve("document.json");
		assertThat(run(Map.of(), "--dsn", dsn)).isEqualTo(GptLoadCommand.REFUSED);
		assertThat(run(Map.of("GPT_LOAD_ENCRYPTION_KEY", "wrong-passphrase"), "--dsn", dsn))
			.isEqualTo(GptLoadCommand.REFUSED);
		assertThat(
				run(Map.of("GPT_LOAD_ENCRYPTION_KEY", "wrong-passphrase"), "--dsn", dsn, "--document", file.toString()))
			.isEqualTo(GptLoadCommand.REFUSED);
		assertThat(this.applied).isEmpty();
		assertThat(file).doesNotExist();
		assertThat(told()).contains("gpt-load encrypted 2 provider keys", "is not the one", "Nothing was changed.")
			.doesNotContain("wrong-passphrase", SampleDatabase.SEALED);
	}

	@Test
	void writesADocumentThatOnlyItsOwnerReadsAndAppliesNothing() throws Exception {
		Path file = this.folder.resolve("document.json");
		Map<String, String> environment = Map.of("GPT_LOAD_DSN", database().toString(), "GPT_LOAD_ENCRYPTION_KEY",
				SampleDatabase.PASSPHRASE);
		assertThat(run(environment, "--document", file.toString())).isEqualTo(GptLoadCommand.DONE);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
		isWhole((ObjectNode) JsonColumn.MAPPER.readTree(file));
		assertThat(run(environment, "--document", file.toString())).isEqualTo(GptLoadCommand.REFUSED);
		assertThat(told()).contains("exists already");
		assertThat(this.applied).isEmpty();
	}

	@Test
	void tellsWhyTheDocumentIsRefused() throws Exception {
		GptLoadCommand command = new GptLoadCommand((_, _) -> {
			throw new Problem.Invalid("groups[0].name", "no good");
		});
		int code = command.run(List.of("--dsn", database().toString()),
				Map.of("GPT_LOAD_ENCRYPTION_KEY", SampleDatabase.PASSPHRASE), out());
		assertThat(code).isEqualTo(GptLoadCommand.REFUSED);
		assertThat(told()).endsWith("groups[0].name: no good\nNothing was changed.\n");
	}

	@Test
	void readsAHundredThousandKeysWithinSeconds() throws SQLException {
		Path file = this.folder.resolve("many.db");
		try (SampleDatabase database = SampleDatabase.sqlite("jdbc:sqlite:" + file)) {
			database.group(1, "many", Map.of());
			database.plainKeys(1, 100_000);
		}
		assertTimeout(Duration.ofSeconds(30), () -> run(Map.of(), "--dsn", file.toString()));
		assertThat(this.applied.getFirst().at("/groups/0/keys")).hasSize(100_000);
	}

	private Path database() throws SQLException, GeneralSecurityException, IOException {
		Path file = this.folder.resolve("gpt-load.db");
		try (SampleDatabase database = SampleDatabase.sqlite("jdbc:sqlite:" + file)) {
			database.group(1, "team", Map.of());
			database.key(1, SampleDatabase.SEALED, SampleDatabase.SEALED_HASH, "active", "");
			database.sealedKey(1, SampleDatabase.PASSPHRASE, "sk-sealed-0002");
		}
		return file;
	}

	private static void isWhole(ObjectNode document) {
		assertThat(document.propertyNames()).containsExactly("settings", "groups", "accessKeys");
		assertThat(document.at("/groups/0/keys/0/key").stringValue()).isEqualTo(SampleDatabase.OPENED);
		assertThat(document.at("/groups/0/keys")).hasSize(2);
	}

	private int run(Map<String, String> environment, String... arguments) {
		return new GptLoadCommand((document, dryRun) -> {
			this.applied.add(document);
			this.dryRuns.add(dryRun);
			return List.of("as applied");
		}).run(List.of(arguments), environment, out());
	}

	private PrintStream out() {
		return new PrintStream(this.output, true, StandardCharsets.UTF_8);
	}

	private String told() {
		return this.output.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
	}

}
