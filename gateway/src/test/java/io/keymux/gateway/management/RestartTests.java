package io.keymux.gateway.management;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What a restart must not undo. */
class RestartTests {

	private static final Map<String, String> SEALED = Map.of("KEYMUX_ENCRYPTION_KEY", "correct horse battery staple");

	private final String database = "jdbc:h2:mem:restart_%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
		.formatted(UUID.randomUUID().toString().replace("-", ""));

	@Test
	void keepsLoginsAndLogouts() {
		String kept;
		String ended;
		try (TestNode node = TestNode.start(this.database, SEALED)) {
			kept = login(node);
			ended = login(node);
			String csrf = JsonMapper.shared()
				.readTree(node.as(ended, "GET", "/api/session", Map.of()).body())
				.path("csrfToken")
				.asString();
			assertThat(node.as(ended, "POST", "/api/logout", Map.of("X-CSRF-TOKEN", csrf)).statusCode()).isEqualTo(204);
		}
		try (TestNode node = TestNode.start(this.database, SEALED)) {
			assertThat(node.as(kept, "GET", "/api/session", Map.of()).statusCode()).isEqualTo(200);
			assertThat(node.as(ended, "GET", "/api/session", Map.of()).statusCode()).isEqualTo(401);
		}
	}

	@Test
	void bringsNoSecretBackThatWasRotated() {
		try (TestNode node = TestNode.start(this.database, SEALED)) {
			JsonNode caller = node.manage("GET", "/api/access-keys", "").path("items").path(0);
			node.manage("POST", "/api/access-keys/%d/rotate".formatted(caller.path("id").asLong()), "");
		}
		try (TestNode node = TestNode.start(this.database, SEALED)) {
			assertThat(node.manage("GET", "/api/access-keys", "").path("total").asInt()).isEqualTo(1);
			assertThat(node.chat("any").statusCode()).isEqualTo(401);
		}
	}

	private static String login(TestNode node) {
		HttpResponse<String> answer = node.ask("POST", "/api/login", "{\"key\": \"%s\"}".formatted(TestNode.ADMIN_KEY));
		return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
	}

}
