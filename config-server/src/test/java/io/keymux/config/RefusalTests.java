package io.keymux.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class RefusalTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@TempDir
	private static Path directory;

	private static TestServer server;

	@BeforeAll
	static void start() {
		server = TestServer.start("keymux.config.directory=" + directory);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = {
			"application.yaml | \"a: 1\nkeymux:\n  settings:\n   x: hidden\n  y: [\" | application.yaml line 5 is no valid YAML",
			"keymux-gateway.yml | \"a: hidden: b\" | keymux-gateway.yml line 1 is no valid YAML",
			"application.properties | \"a=hidden\\u00zz\" | application.properties cannot be read",
			"application.yaml | \"hidden\" | document (application.yaml line 1) belongs to no map",
			"application.yaml | \"keymux:\n  settings: hidden\" | keymux.settings (application.yaml line 2) is no map",
			"application.yaml | \"keymux:\n  settings:\n  - hidden\" | keymux.settings[0] (application.yaml line 3) is no map",
			"application.yaml | \"keymux.settings:\n  a:\n    b: hidden\" | keymux.settings.a.b (application.yaml line 3) is nested",
			"application.yaml | \"keymux.settings:\n  a: [hidden]\" | keymux.settings.a[0] (application.yaml line 2) is nested",
			"application.yaml | \"x: 1\n---\nkeymux.settings.a.b: hidden\" | keymux.settings.a.b (application.yaml line 3) is nested",
			"application-cluster.yaml | \"keymux.settings-revision: 3\" | (application-cluster.yaml line 1) is set by the gateways" })
	void invalidDocumentIsRefusedAsAWholeAndServedOnceItIsRight(String file, String content, String reason,
			CapturedOutput output) throws IOException {
		Files.writeString(directory.resolve(file), content);
		TestServer.Answer refused = server.document();
		assertThat(refused.status()).isEqualTo(500);
		assertThat(refused.at("/type").asString()).isEqualTo("urn:keymux:problem:invalid-document");
		assertThat(refused.at("/detail").asString()).contains(reason);
		await().atMost(TIMEOUT).untilAsserted(() -> {
			assertThat(server.health().status()).isEqualTo(503);
			assertThat(server.health().at("/components/document/details/reason").asString()).contains(reason);
		});
		assertThat(refused.body()).doesNotContain("hidden");
		assertThat(server.health().body()).doesNotContain("hidden");
		Files.delete(directory.resolve(file));
		Files.writeString(directory.resolve("application.yaml"), "keymux:\n  settings:\n    max-attempts: 6\n");
		assertThat(server.document().value("keymux.settings.max-attempts")).isEqualTo("6");
		await().atMost(TIMEOUT).untilAsserted(() -> assertThat(server.health().status()).isEqualTo(200));
		assertThat(output).doesNotContain("hidden");
	}

	@Test
	void settingsWithoutContentAreFine() throws IOException {
		Files.writeString(directory.resolve("application.yaml"), "keymux:\n  settings:\n    # max-attempts: 4\n");
		assertThat(server.document().status()).isEqualTo(200);
	}

}
