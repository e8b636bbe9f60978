package io.keymux.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class EncryptedValueTests {

	private static final String KEY = "encrypt.key=0123456789abcdef0123456789abcdef";

	private static final String NAME = "keymux.settings.egress-proxy";

	@TempDir
	private Path directory;

	@Test
	void valueIsEncryptedByTheServerAndServedInTheClear() throws IOException {
		try (TestServer server = start(KEY)) {
			String sealed = server.post("/encrypt", "http://u:pw@proxy:1").body();
			assertThat(sealed).isNotBlank().doesNotContain("proxy");
			write("'{cipher}" + sealed + "'");
			assertThat(server.document().value(NAME)).isEqualTo("http://u:pw@proxy:1");
			assertThat(server.get("/keymux-gateway/default").value(NAME)).isEqualTo("http://u:pw@proxy:1");
			assertThat(server.get("/keymux-gateway-default.yml").body()).contains("http://u:pw@proxy:1");
			assertThat(server.post("/decrypt", sealed).status()).isEqualTo(403);
			assertThat(server.post("/decrypt/keymux-gateway/default", sealed).status()).isEqualTo(403);
		}
	}

	@Test
	void valueOfAnotherKeyRefusesTheDocument(CapturedOutput output) throws IOException {
		write("'{cipher}00c0ffee00c0ffee'");
		try (TestServer server = start(KEY)) {
			assertThat(server.document().status()).isEqualTo(500);
			assertThat(server.document().body())
				.contains(NAME + " (application.yaml line 1) cannot be decrypted", "KEYMUX_CONFIG_ENCRYPT_KEY")
				.doesNotContain("c0ffee");
		}
		assertThat(output).doesNotContain("c0ffee");
	}

	@Test
	void valueWithoutAnyKeyRefusesTheDocument() throws IOException {
		write("'{cipher}00c0ffee00c0ffee'");
		try (TestServer server = start("encrypt.key=")) {
			assertThat(server.document().status()).isEqualTo(500);
			assertThat(server.document().body()).contains("cannot be decrypted").doesNotContain("c0ffee");
		}
	}

	private TestServer start(String key) {
		return TestServer.start("keymux.config.directory=" + this.directory, key);
	}

	private void write(String value) throws IOException {
		Files.writeString(this.directory.resolve("application.yaml"), NAME + ": " + value + "\n");
	}

}
