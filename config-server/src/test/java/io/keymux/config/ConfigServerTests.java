package io.keymux.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

@AutoConfigureRestTestClient
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "keymux.config.username=node", "keymux.config.password=secret" })
class ConfigServerTests {

	private static final String MAX_ATTEMPTS = "$.propertySources[0].source['keymux.settings.max-attempts']";

	@TempDir
	private static Path directory;

	@Autowired
	private RestTestClient client;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) throws IOException {
		Path served = Files.createDirectories(directory.resolve("served"));
		Files.writeString(directory.resolve("outside.txt"), "not served");
		Files.writeString(served.resolve("application.yaml"), "keymux.settings.max-attempts: 7\n");
		registry.add("keymux.config.directory", served::toString);
	}

	@Test
	void nodeThatSignsInReadsTheFiles() {
		this.client.get()
			.uri("/gateway/default")
			.headers((headers) -> headers.setBasicAuth("node", "secret"))
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath(MAX_ATTEMPTS)
			.isEqualTo(7);
	}

	@Test
	void changedFileIsServedWithoutRestart() throws IOException {
		Path file = directory.resolve("served/billing.yaml");
		Files.writeString(file, "keymux.settings.max-attempts: 1\n");
		this.client.get()
			.uri("/billing/default")
			.headers((headers) -> headers.setBasicAuth("node", "secret"))
			.exchange()
			.expectBody()
			.jsonPath(MAX_ATTEMPTS)
			.isEqualTo(1);
		Files.writeString(file, "keymux.settings.max-attempts: 2\n");
		this.client.get()
			.uri("/billing/default")
			.headers((headers) -> headers.setBasicAuth("node", "secret"))
			.exchange()
			.expectBody()
			.jsonPath(MAX_ATTEMPTS)
			.isEqualTo(2);
	}

	@Test
	void callerWithoutCredentialsReadsNothing() {
		this.client.get().uri("/gateway/default").exchange().expectStatus().isUnauthorized();
		this.client.get().uri("/application.yaml").exchange().expectStatus().isUnauthorized();
		this.client.post().uri("/encrypt").body("text").exchange().expectStatus().isUnauthorized();
		this.client.post().uri("/decrypt").body("text").exchange().expectStatus().isUnauthorized();
		this.client.post().uri("/monitor").body("{}").exchange().expectStatus().isUnauthorized();
	}

	@Test
	void wrongPasswordReadsNothing() {
		this.client.get()
			.uri("/gateway/default")
			.headers((headers) -> headers.setBasicAuth("node", "guess"))
			.exchange()
			.expectStatus()
			.isUnauthorized();
	}

	@Test
	void fileOutsideTheDirectoryIsNotServed() {
		for (String way : new String[] { "/gateway/default/main/../outside.txt", "/gateway/default/../outside.txt",
				"/gateway/default/main/..%2Foutside.txt", "/gateway/default/..(_)/outside.txt" }) {
			this.client.get()
				.uri(URI.create(way))
				.headers((headers) -> headers.setBasicAuth("node", "secret"))
				.exchange()
				.expectStatus()
				.is4xxClientError();
		}
	}

	@Test
	void everybodyMayAskWhetherItIsUp() {
		this.client.get()
			.uri("/actuator/health")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo("UP")
			.jsonPath("$.components")
			.doesNotExist();
	}

}
