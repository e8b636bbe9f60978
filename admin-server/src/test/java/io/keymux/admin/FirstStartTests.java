package io.keymux.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class FirstStartTests {

	@TempDir
	private Path directory;

	@Test
	void generatesAPasswordThatWorksAndStays(CapturedOutput output) throws IOException {
		Path file = this.directory.resolve("data/initial-admin-server-password");
		try (ConfigurableApplicationContext first = start(file)) {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
			String password = Files.readString(file).strip();
			assertThat(password).hasSizeGreaterThanOrEqualTo(32);
			expect(first, password, 200);
			expect(first, "", 401);
			assertThat(output).contains(file.toString()).doesNotContain(password);
		}
		String before = Files.readString(file);
		try (ConfigurableApplicationContext second = start(file)) {
			assertThat(Files.readString(file)).isEqualTo(before);
			expect(second, before.strip(), 200);
		}
	}

	private static ConfigurableApplicationContext start(Path file) {
		return SpringApplication.run(AdminServerApplication.class, "--server.port=0",
				"--keymux.admin-server.password-file=" + file);
	}

	private static void expect(ConfigurableApplicationContext server, String password, int status) {
		WebTestClient.bindToServer()
			.baseUrl("http://127.0.0.1:" + server.getEnvironment().getProperty("local.server.port"))
			.build()
			.get()
			.uri("/applications")
			.headers((headers) -> headers.setBasicAuth("keymux", password))
			.exchange()
			.expectStatus()
			.isEqualTo(status);
	}

}
