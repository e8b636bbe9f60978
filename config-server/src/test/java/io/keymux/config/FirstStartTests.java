package io.keymux.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class FirstStartTests {

	@TempDir
	private Path directory;

	@Test
	void generatesAPasswordThatWorksAndStays(CapturedOutput output) throws IOException {
		Path file = this.directory.resolve("data/initial-config-password");
		try (ConfigurableApplicationContext first = start(this.directory)) {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
			String password = Files.readString(file).strip();
			assertThat(password).hasSizeGreaterThanOrEqualTo(32);
			assertThat(statusWith(first, password)).isEqualTo(200);
			assertThat(statusWith(first, "")).isEqualTo(401);
			assertThat(output).contains(file.toString()).doesNotContain(password);
		}
		String before = Files.readString(file);
		try (ConfigurableApplicationContext second = start(this.directory)) {
			assertThat(Files.readString(file)).isEqualTo(before);
			assertThat(statusWith(second, before.strip())).isEqualTo(200);
		}
	}

	@Test
	void refusesToStartWithoutTheDirectory(CapturedOutput output) {
		Path missing = this.directory.resolve("missing");
		assertThatThrownBy(() -> start(missing).close()).isInstanceOf(BeanCreationException.class);
		assertThat(output).contains("Invalid value '" + missing + "'")
			.contains("KEYMUX_CONFIG_DIRECTORY has to name a directory that exists")
			.doesNotContain("\tat ");
	}

	@Test
	void refusesToStartWithoutFilesOrARepository(CapturedOutput output) {
		assertThatThrownBy(() -> start(this.directory, "--spring.profiles.active=cluster").close())
			.isInstanceOf(BeanCreationException.class);
		assertThat(output).contains("SPRING_PROFILES_ACTIVE has to name native (a directory) or git (a repository)");
	}

	private ConfigurableApplicationContext start(Path served, String... more) {
		return SpringApplication.run(ConfigServerApplication.class,
				Stream
					.concat(Stream.of(more),
							Stream.of("--server.port=0", "--keymux.config.directory=" + served,
									"--keymux.config.password-file="
											+ this.directory.resolve("data/initial-config-password")))
					.toArray(String[]::new));
	}

	private static int statusWith(ConfigurableApplicationContext server, String password) {
		String port = server.getEnvironment().getProperty("local.server.port");
		HttpStatusCode status = RestClient.create()
			.get()
			.uri("http://127.0.0.1:" + port + "/gateway/default")
			.headers((headers) -> headers.setBasicAuth("keymux", password))
			.exchange((_, response) -> response.getStatusCode());
		return status.value();
	}

}
