package io.keymux.gateway.management;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.TestTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.FluxExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/** A management API whose time a test moves, asked by whoever a test wants to be. */
@AutoConfigureWebTestClient(timeout = "60s")
@Import(TestClock.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "keymux.admin-key=" + AdminContract.ADMIN_KEY, "management.server.port=0",
				"keymux.proxy.trusted-proxies=127.0.0.0/8", "keymux.encryption-key=correct horse battery staple" })
abstract class AdminContract {

	static final String ADMIN_KEY = "an-admin-key-for-tests";

	static final AtomicInteger places = new AtomicInteger();

	@LocalServerPort
	int port;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	WebTestClient client;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	JdbcClient jdbc;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	TestTime time;

	/** Each test comes from somewhere else, so that none throttles another. */
	final String address = "192.0.2." + places.incrementAndGet();

	@BeforeEach
	void clearTokens() {
		JsonNode tokens = json(as(ADMIN_KEY, HttpMethod.GET, "/api/tokens?size=1000", null));
		tokens.path("items").forEach((token) -> as(ADMIN_KEY, HttpMethod.DELETE, path(token), null));
	}

	String secretOf(String role) {
		JsonNode token = json(create("{\"name\": \"%s\", \"role\": \"%s\"}".formatted(role, role)));
		return token.path("secret").asString();
	}

	EntityExchangeResult<String> create(String json) {
		return as(ADMIN_KEY, HttpMethod.POST, "/api/tokens", json);
	}

	EntityExchangeResult<String> from(String place, String key) {
		return send(HttpMethod.GET, "/api/groups", null, (headers) -> {
			headers.setBearerAuth(key);
			headers.set("X-Forwarded-For", place);
		});
	}

	EntityExchangeResult<String> as(@Nullable String key, HttpMethod method, String path, @Nullable String body) {
		return send(method, path, body, (headers) -> headers.setBearerAuth(String.valueOf(key)));
	}

	EntityExchangeResult<String> send(HttpMethod method, String path, @Nullable String body,
			Consumer<HttpHeaders> more) {
		return exchange(method, path, body, more).expectBody(String.class).returnResult();
	}

	/** The status of an answer that may never end. */
	int head(HttpMethod method, String path, @Nullable String body, Consumer<HttpHeaders> more) {
		FluxExchangeResult<String> answer = exchange(method, path, body, more).returnResult(String.class);
		if (MediaType.TEXT_EVENT_STREAM.isCompatibleWith(answer.getResponseHeaders().getContentType())) {
			answer.getResponseBody().subscribe().dispose();
		}
		else {
			answer.getResponseBody().blockLast(Await.BOUND);
		}
		return answer.getStatus().value();
	}

	private WebTestClient.ResponseSpec exchange(HttpMethod method, String path, @Nullable String body,
			Consumer<HttpHeaders> more) {
		WebTestClient.RequestBodySpec request = this.client.method(method)
			.uri(URI.create("http://localhost:" + this.port + path))
			.header("X-Forwarded-For", this.address)
			.headers(more);
		return ((body != null) ? request.contentType(MediaType.APPLICATION_JSON).bodyValue(body) : request).exchange();
	}

	static String path(JsonNode token) {
		return "/api/tokens/" + token.path("id").asLong();
	}

	static List<String> fields(EntityExchangeResult<String> answer) {
		assertThat(status(answer)).isEqualTo(400);
		return json(answer).path("errors").valueStream().map((error) -> error.path("field").asString()).toList();
	}

	static int status(EntityExchangeResult<String> answer) {
		return answer.getStatus().value();
	}

	static JsonNode json(EntityExchangeResult<String> answer) {
		return JsonMapper.shared().readTree(text(answer));
	}

	static String text(EntityExchangeResult<String> answer) {
		return Objects.requireNonNull(answer.getResponseBody());
	}

}
