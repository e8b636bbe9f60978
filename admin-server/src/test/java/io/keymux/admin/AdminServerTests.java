package io.keymux.admin;

import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;

import static org.assertj.core.api.Assertions.assertThat;

@AutoConfigureWebTestClient
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "keymux.admin-server.username=operator", "keymux.admin-server.password=secret" })
class AdminServerTests {

	@Autowired
	private WebTestClient client;

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

	@Test
	void browserWithoutSessionIsSentToTheLoginPage() {
		this.client.get()
			.uri("/")
			.accept(MediaType.TEXT_HTML)
			.exchange()
			.expectStatus()
			.isFound()
			.expectHeader()
			.location("/login");
	}

	@Test
	void programWithoutCredentialsReadsNothing() {
		this.client.get()
			.uri("/applications")
			.accept(MediaType.APPLICATION_JSON)
			.exchange()
			.expectStatus()
			.isUnauthorized();
		this.client.post()
			.uri("/instances")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(Map.of("name", "intruder", "healthUrl", "http://127.0.0.1:1/health"))
			.exchange()
			.expectStatus()
			.isUnauthorized();
	}

	@Test
	void operatorSignsInOnTheLoginPage() {
		ResponseCookie token = openLoginPage();
		ResponseCookie session = Objects.requireNonNull(signIn(token, "secret", "/"));
		this.client.get()
			.uri("/applications")
			.accept(MediaType.APPLICATION_JSON)
			.cookie(session.getName(), session.getValue())
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.json("[]");
	}

	@Test
	void wrongPasswordLeadsBackToTheLoginPage() {
		assertThat(signIn(openLoginPage(), "guess", "/login?error")).isNull();
	}

	@Test
	void formWithoutCsrfTokenIsRefused() {
		this.client.post()
			.uri("/login")
			.body(BodyInserters.fromFormData("username", "operator").with("password", "secret"))
			.exchange()
			.expectStatus()
			.isForbidden();
	}

	@Test
	void programRegistersWithBasicCredentials() {
		this.client.post()
			.uri("/instances")
			.headers((headers) -> headers.setBasicAuth("operator", "secret"))
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(Map.of("name", "gateway", "healthUrl", "http://127.0.0.1:1/actuator/health"))
			.exchange()
			.expectStatus()
			.isCreated()
			.expectBody()
			.jsonPath("$.id")
			.value((id) -> deregister(String.valueOf(id)));
	}

	private void deregister(String id) {
		this.client.delete()
			.uri("/instances/{id}", id)
			.headers((headers) -> headers.setBasicAuth("operator", "secret"))
			.exchange()
			.expectStatus()
			.isNoContent();
	}

	private ResponseCookie openLoginPage() {
		EntityExchangeResult<String> page = this.client.get()
			.uri("/login")
			.accept(MediaType.TEXT_HTML)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.returnResult();
		ResponseCookie token = Objects.requireNonNull(page.getResponseCookies().getFirst("XSRF-TOKEN"));
		assertThat(page.getResponseBody()).contains("<title>Keymux</title>").contains(token.getValue());
		return token;
	}

	private @Nullable ResponseCookie signIn(ResponseCookie token, String password, String leadsTo) {
		return this.client.post()
			.uri("/login")
			.cookie(token.getName(), token.getValue())
			.body(BodyInserters.fromFormData("username", "operator")
				.with("password", password)
				.with("_csrf", token.getValue()))
			.exchange()
			.expectStatus()
			.isFound()
			.expectHeader()
			.location(leadsTo)
			.returnResult(Void.class)
			.getResponseCookies()
			.getFirst("SESSION");
	}

}
