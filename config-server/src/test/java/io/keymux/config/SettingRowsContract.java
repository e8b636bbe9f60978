package io.keymux.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What rows have to do on any database. */
abstract class SettingRowsContract {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final String ATTEMPTS = "keymux.settings.max-attempts";

	@TempDir
	private Path directory;

	abstract String url();

	abstract String username();

	@Test
	void rowsWinOverFilesAndAreRefusedWithoutTheirTables() throws IOException {
		Files.writeString(this.directory.resolve("keymux-gateway.yaml"),
				"keymux.settings:\n  max-attempts: 2\n  cooldown: 9s\n");
		SettingTable table = new SettingTable(url(), username());
		try (TestServer server = TestServer.start("keymux.config.directory=" + this.directory,
				"keymux.config.database.url=" + url(), "keymux.config.database.username=" + username(),
				"keymux.config.database.timeout=1s")) {
			assertThat(server.document().status()).isEqualTo(503);
			assertThat(server.document().body()).contains("urn:keymux:problem:backend-unavailable", "table of settings")
				.doesNotContain("9s");
			assertThat(server.health().at("/components/backends/components/rows/status").asString()).isEqualTo("DOWN");
			assertThat(server.health().at("/components/backends/components/native/status").asString()).isEqualTo("UP");
			table.create();
			assertThat(server.document().value("keymux.settings-revision")).isEqualTo("0");
			assertThat(server.document().value(ATTEMPTS)).isEqualTo("2");
			table.write("max-attempts", "7");
			assertThat(server.document().value(ATTEMPTS)).isEqualTo("7");
			assertThat(server.document().value("keymux.settings.cooldown")).isEqualTo("9s");
			assertThat(server.document().value("keymux.settings-revision")).isEqualTo("1");
			assertThat(server.get("/keymux-gateway/default-blue/some-label").value(ATTEMPTS)).isEqualTo("7");
			assertThat(server.get("/billing/default").body()).doesNotContain("settings-revision");
			await().atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(server.health().at("/status").asString()).isEqualTo("UP"));
			table.drop();
			assertThat(server.document().status()).isEqualTo(503);
			assertThat(server.get("/billing/default").status()).isEqualTo(200);
		}
	}

}
