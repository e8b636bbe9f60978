package io.keymux.gateway.management;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.ScriptedUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No secret that was used in a full run shows in a log line, an error or a column of the
 * database, even where a provider or a careless request repeats it.
 */
@OnH2
@TestPropertySource(properties = "logging.level.io.keymux=trace")
@ExtendWith(OutputCaptureExtension.class)
class HiddenSecretsTests extends ManagementContract {

	private static final String PROVIDER_KEY = "sk-provider-SECRETMARK-1";

	private static final String DEAD_KEY = "sk-provider-SECRETMARK-2";

	private static final String IMPORTED_KEY = "sk-imported-SECRETMARK-3";

	private static final String CALLER_KEY = "sk-caller-SECRETMARK-4";

	private static final String HEADER = "header-SECRETMARK-6";

	private static final String PASSWORD = "password-SECRETMARK-7";

	private static final String TYPED_WRONG = "SECRETMARK-5";

	private final List<String> answers = new ArrayList<>();

	/** What the gateway drew or signed itself. */
	private final List<String> drawn = new ArrayList<>();

	@Test
	void appearNowhere(CapturedOutput output) {
		try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
			upstream.answer((request) -> request.key().contains("MARK-2") ? Answer.json(401,
					"{\"error\":{\"message\":\"Incorrect API key provided: %s\",\"code\":\"invalid_api_key\"}}"
						.formatted(request.key()))
					: Answer.json(200, "{\"id\": \"1\"}"));
			configure(upstream);
			call();
			logIn();
			ended(post("/api/groups/chat/keys/probe", "{\"all\": true}"));
			Await.until("the state of the dead key is stored", () -> !column("last_error").isBlank());
			misbehave();
			look();
		}
		List<String> secrets = new ArrayList<>(this.drawn);
		secrets.addAll(List.of("SECRETMARK", ADMIN_KEY, "correct horse battery staple"));
		assertThat(secrets).hasSize(7).noneMatch(String::isBlank);
		assertThat(output.getAll()).doesNotContain(secrets);
		assertThat(String.join("\n", this.answers)).doesNotContain(secrets);
		assertThat(database()).isNotEmpty().doesNotContain(secrets).contains("tink:");
	}

	private void configure(ScriptedUpstream upstream) {
		keep(HttpMethod.POST, "/api/groups", """
				{"name": "chat", "provider": "openai", "upstreams": [{"url": "%s"}],
				 "settings": {"ejection-threshold": "1"}}""".formatted(upstream.url()));
		keep(HttpMethod.POST, "/api/groups/chat/keys",
				"{\"keys\": [\"%s\", \"%s\"]}".formatted(PROVIDER_KEY, DEAD_KEY));
		ended(this.client.post()
			.uri("/api/groups/chat/keys/import")
			.contentType(MediaType.TEXT_PLAIN)
			.bodyValue(IMPORTED_KEY)
			.exchange());
		keep(HttpMethod.POST, "/api/groups", """
				{"name": "rules", "provider": "openai", "upstreams": [{"url": "%s"}],
				 "headerRules": [{"action": "set", "name": "X-Team", "value": "%s", "secret": true}],
				 "settings": {"egress-proxy": "http://user:%s@127.0.0.1:1"}}""".formatted(upstream.url(), HEADER,
				PASSWORD));
		keep(HttpMethod.POST, "/api/groups/rules/keys", "{\"keys\": [\"%s\"]}".formatted(PROVIDER_KEY));
		post("/api/access-keys", "{\"name\": \"web\", \"key\": \"%s\"}".formatted(CALLER_KEY)).expectStatus()
			.isCreated();
	}

	/** Calls that work, calls with a dead key, and one with a wrong access key. */
	private void call() {
		WebTestClient caller = WebTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
		for (int i = 0; i < 4; i++) {
			caller.post()
				.uri("/proxy/chat/v1/chat/completions?key=" + CALLER_KEY)
				.contentType(MediaType.APPLICATION_JSON)
				.bodyValue("{\"model\": \"m\"}")
				.exchange()
				.expectStatus()
				.isOk();
		}
		this.answers.add(text(caller.get().uri("/proxy/chat/v1/models?key=" + TYPED_WRONG).exchange()));
		this.answers.add(text(caller.get().uri("/proxy/rules/v1/models?key=" + CALLER_KEY).exchange()));
	}

	/** Tokens, rotated keys and sessions, each drawn here and shown once. */
	private void logIn() {
		String token = json(post("/api/tokens", "{\"name\": \"deploy\", \"role\": \"admin\"}")).path("secret")
			.asString();
		this.drawn.add(token);
		long id = json(get("/api/access-keys")).path("items").path(0).path("id").asLong();
		JsonNode rotated = json(post("/api/access-keys/%d/rotate".formatted(id), "{\"overlap\": \"1h\"}"));
		this.drawn.add(rotated.path("key").asString());
		EntityExchangeResult<String> login = post("/api/login", "{\"key\": \"%s\"}".formatted(token))
			.expectBody(String.class)
			.returnResult();
		this.drawn.add(JsonMapper.shared().readTree(login.getResponseBody()).path("csrfToken").asString());
		String cookie = Objects.requireNonNull(login.getResponseCookies().getFirst("keymux-session")).getValue();
		this.drawn.add(cookie);
		WebTestClient browser = WebTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
		browser.post().uri("/api/logout").cookie("keymux-session", cookie).exchange().expectStatus().isForbidden();
		keep(HttpMethod.POST, "/api/login", "{\"key\": \"%s\"}".formatted(TYPED_WRONG));
		keep(HttpMethod.POST, "/api/login", "{\"key\": [\"%s\"]}".formatted(TYPED_WRONG));
	}

	/** Secrets in places where they break a rule. */
	private void misbehave() {
		keep(HttpMethod.POST, "/api/groups/chat/keys", "{\"keys\": [\"%s with white space\"]}".formatted(TYPED_WRONG));
		keep(HttpMethod.POST, "/api/groups/chat/keys", "{\"keys\": \"%s\"}".formatted(TYPED_WRONG));
		keep(HttpMethod.POST, "/api/access-keys", "{\"name\": \"x\", \"key\": \"%s\"}".formatted(TYPED_WRONG));
		keep(HttpMethod.POST, "/api/access-keys", "{\"name\": \"x\", \"key\": [\"%s\"]}".formatted(TYPED_WRONG));
		keep(HttpMethod.POST, "/api/access-keys", "{\"name\": \"again\", \"key\": \"%s\"}".formatted(CALLER_KEY));
		keep(HttpMethod.POST, "/api/import",
				"{\"groups\": [{\"name\": \"chat\", \"keys\": [{\"key\": [\"%s\"]}]}]}".formatted(TYPED_WRONG));
		keep(HttpMethod.POST, "/api/import",
				"{\"accessKeys\": [{\"name\": \"y\", \"key\": \"%s\"}]}".formatted(TYPED_WRONG));
		keep(HttpMethod.PATCH, "/api/groups/chat",
				"{\"upstreams\": [{\"url\": \"http://u:%s@host\"}]}".formatted(TYPED_WRONG));
		keep(HttpMethod.PATCH, "/api/groups/chat",
				"{\"settings\": {\"egress-proxy\": \"ftp://u:%s@host:1\"}}".formatted(TYPED_WRONG));
		keep(HttpMethod.PATCH, "/api/groups/chat",
				"{\"headerRules\": [{\"action\": \"set\", \"name\": \"X-A\", \"value\": \"%s\\n\"}]}"
					.formatted(TYPED_WRONG));
		this.answers.add(text(this.client.get()
			.uri("/api/groups")
			.headers((headers) -> headers.setBearerAuth(TYPED_WRONG))
			.exchange()));
	}

	private void look() {
		for (String path : List.of("/api/groups", "/api/groups/chat/keys", "/api/groups/chat/keys?key=" + PROVIDER_KEY,
				"/api/access-keys", "/api/audit", "/api/audit/export", "/api/tasks", "/api/export",
				"/api/groups/chat/statistics", "/api/tokens", "/api/encryption")) {
			this.answers.add(text(get(path)));
		}
		text(get("/api/export?secrets=true"));
		text(get("/api/groups/chat/keys/export"));
	}

	private void keep(HttpMethod method, String uri, String body) {
		this.answers.add(text(send(method, uri, body)));
	}

	private String column(String name) {
		return String.join(" ",
				this.jdbc.sql("select coalesce(%s, '') from keymux_provider_key".formatted(name))
					.query((row, _) -> row.getString(1))
					.list());
	}

	private String database() {
		StringBuilder content = new StringBuilder();
		List<String> tables = this.jdbc
			.sql("select table_name from information_schema.tables where lower(table_name) like 'keymux%'")
			.query((row, _) -> row.getString(1))
			.list();
		assertThat(tables).hasSizeGreaterThan(8);
		for (String table : tables) {
			for (Map<String, Object> row : this.jdbc.sql("select * from " + table).query().listOfRows()) {
				row.values().forEach((value) -> content.append(value).append('\n'));
			}
		}
		return content.toString();
	}

}
