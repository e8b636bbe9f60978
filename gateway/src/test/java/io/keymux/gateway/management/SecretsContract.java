package io.keymux.gateway.management;

import java.util.List;
import java.util.Map;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.EgressProxy;
import io.keymux.gateway.testkit.ReceivedRequest;
import io.keymux.gateway.testkit.ScriptedUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of secrets in header rules and settings, whatever the database. */
@ExtendWith(OutputCaptureExtension.class)
abstract class SecretsContract extends ManagementContract {

	private static final String SECRET = "t0p-secret-header-value";

	private static final String PASSWORD = "p4ss%20w0rd";

	@Test
	void sendsASecretHeaderAndShowsItNowhere(CapturedOutput output) {
		try (ScriptedUpstream upstream = upstream()) {
			createWithSecret("teams", upstream);
			assertThat(call("teams", upstream).header("X-Team-Token")).isEqualTo(SECRET + " for teams");
			JsonNode rule = json(get("/api/groups/teams")).path("headerRules").path(0);
			assertThat(rule.path("value").asString()).isEqualTo("***");
			assertThat(rule.path("secret").asBoolean()).isTrue();
			patch("/api/groups/teams", "{\"description\": \"changed\"}").expectStatus().isOk();
			this.client.delete().uri("/api/groups/teams").exchange().expectStatus().isNoContent();
			assertThat(text(get("/api/audit/export"))).contains("X-Team-Token", "***").doesNotContain(SECRET, "tink:");
			assertThat(output).doesNotContain(SECRET);
		}
	}

	@Test
	void storesNoSecretHeaderInPlainText() {
		try (ScriptedUpstream upstream = upstream()) {
			createWithSecret("sealed", upstream);
			assertThat(column("header_rules", "sealed")).contains("\"sealed\":\"tink:").doesNotContain(SECRET);
		}
	}

	@Test
	void keepsASecretThatIsMaskedOrLeftOut() {
		try (ScriptedUpstream upstream = upstream()) {
			createWithSecret("kept", upstream);
			JsonNode shown = json(get("/api/groups/kept"));
			send(HttpMethod.PUT, "/api/groups/kept", shown.toString()).expectStatus()
				.isOk()
				.expectHeader()
				.valueEquals(HttpHeaders.ETAG, "\"1\"");
			patch("/api/groups/kept", """
					{"headerRules": [{"action": "set", "name": "X-Other", "value": "plain"},
					 {"action": "set", "name": "x-team-token", "secret": true}]}""").expectStatus().isOk();
			ReceivedRequest request = call("kept", upstream);
			assertThat(request.header("X-Team-Token")).isEqualTo(SECRET + " for kept");
			assertThat(request.header("X-Other")).isEqualTo("plain");
		}
	}

	@Test
	void changesNothingWhenASecretIsWrittenAsItIs() {
		try (ScriptedUpstream upstream = upstream()) {
			createWithSecret("same", upstream);
			patch("/api/groups/same", rules("X-Team-Token", SECRET + " for ${GROUP_NAME}")).expectStatus()
				.isOk()
				.expectHeader()
				.valueEquals(HttpHeaders.ETAG, "\"1\"");
			patch("/api/groups/same", rules("X-Team-Token", "another")).expectHeader()
				.valueEquals(HttpHeaders.ETAG, "\"2\"");
			assertThat(call("same", upstream).header("X-Team-Token")).isEqualTo("another");
		}
	}

	@Test
	void needsAValueToMakeASecretOrToEndOne(CapturedOutput output) {
		try (ScriptedUpstream upstream = upstream()) {
			createWithSecret("strict", upstream);
			expectError("***", "secret\": true, \"name\": \"X-New", "headerRules[0].value",
					"missing (expected: a value, as no secret is stored for header 'X-New')");
			expectError("***", "name\": \"X-Team-Token", "headerRules[0].value",
					"'***' stands for the secret (expected: a value, or secret: true)");
			expectError(" ", "secret\": true, \"name\": \"X-New", "headerRules[0].value",
					"empty (expected: the secret)");
			expectError("hush-${HUSH}", "secret\": true, \"name\": \"X-New", "headerRules[0].value",
					"'${…}' (expected: one of ${API_KEY}, ${CLIENT_IP}, ${GROUP_NAME}, ${REQUEST_ID}, "
							+ "${TIMESTAMP_MS}, ${TIMESTAMP_S})");
			expectProblem(patch("/api/groups/strict",
					"{\"headerRules\": [{\"action\": \"remove\", \"name\": \"X-Team-Token\", \"secret\": true}]}"), 400)
				.jsonPath("$.errors[0].field")
				.isEqualTo("headerRules[0].value");
			expectProblem(patch("/api/groups/strict", """
					{"headerRules": [{"action": "set", "name": "A", "value": "1", "secret": true},
					 {"action": "set", "name": "a", "value": "2", "secret": true}]}"""), 400)
				.jsonPath("$.errors[0].message")
				.isEqualTo("'a' has a secret in another rule (expected: one)");
			patch("/api/groups/strict", """
					{"headerRules": [{"action": "set", "name": "X-Team-Token", "value": "open", "secret": false}]}""")
				.expectStatus()
				.isOk()
				.expectBody()
				.jsonPath("$.headerRules[0].value")
				.isEqualTo("open")
				.jsonPath("$.headerRules[0].secret")
				.doesNotExist();
			assertThat(column("header_rules", "strict")).doesNotContain("sealed\"");
			assertThat(output).doesNotContain("hush-");
		}
	}

	@Test
	void readsNoPlainValueAsSealed() {
		try (ScriptedUpstream upstream = upstream()) {
			createWithSecret("plain", upstream);
			String sealed = column("header_rules", "plain").replaceFirst(".*\"sealed\":\"([^\"]+)\".*", "$1");
			patch("/api/groups/plain",
					"{\"headerRules\": [{\"action\": \"set\", \"name\": \"X-Team-Token\", \"value\": \"%s\"}]}"
						.formatted(sealed))
				.expectStatus()
				.isOk();
			assertThat(call("plain", upstream).header("X-Team-Token")).isEqualTo(sealed);
			patch("/api/groups/plain", rules("X-Team-Token", sealed)).expectStatus().isOk();
			assertThat(call("plain", upstream).header("X-Team-Token")).isEqualTo(sealed);
		}
	}

	@Test
	void copiesAGroupWithItsSecrets() {
		try (ScriptedUpstream upstream = upstream(); EgressProxy proxy = EgressProxy.start()) {
			createWithSecret("original", upstream);
			patch("/api/groups/original", settings("http://user:" + PASSWORD + "@" + proxy.authority())).expectStatus()
				.isOk();
			post("/api/groups/original/copy", "{\"name\": \"copy\", \"keys\": \"all\"}").expectStatus().isCreated();
			assertThat(call("copy", upstream).header("X-Team-Token")).isEqualTo(SECRET + " for copy");
			assertThat(proxy.credentials()).hasSize(1);
			assertThat(column("header_rules", "copy")).doesNotContain(SECRET);
			assertThat(column("settings", "copy")).contains("{tink:").doesNotContain(PASSWORD);
		}
	}

	@Test
	void keepsThePasswordOfAnEgressProxyToItself(CapturedOutput output) {
		try (ScriptedUpstream upstream = upstream(); EgressProxy proxy = EgressProxy.start()) {
			createWithSecret("egress", upstream);
			String shown = "http://user:***@" + proxy.authority();
			patch("/api/groups/egress", settings("http://user:" + PASSWORD + "@" + proxy.authority())).expectBody()
				.jsonPath("$.settings.egress-proxy")
				.isEqualTo(shown);
			assertThat(column("settings", "egress")).contains("http://user:{tink:").doesNotContain(PASSWORD);
			patch("/api/groups/egress", "{\"description\": \"kept\"}").expectHeader()
				.valueEquals(HttpHeaders.ETAG, "\"3\"");
			for (String same : List.of(shown, "http://user:" + PASSWORD + "@" + proxy.authority())) {
				patch("/api/groups/egress", settings(same)).expectHeader().valueEquals(HttpHeaders.ETAG, "\"3\"");
			}
			call("egress", upstream);
			assertThat(proxy.credentials()).hasSize(1);
			expectProblem(patch("/api/groups/egress", settings("http://user:***@elsewhere.example:8080")), 400)
				.jsonPath("$.errors[0].field")
				.isEqualTo("settings.egress-proxy")
				.jsonPath("$.errors[0].message")
				.isEqualTo(
						"'http://user:***@elsewhere.example:8080' (expected: the value with its password, or exactly as it is shown)");
			expectProblem(patch("/api/groups/egress", settings("http://user:{plain:forged}@h:1")), 400);
			assertThat(text(get("/api/audit/export"))).contains(shown).doesNotContain(PASSWORD, "tink:");
			assertThat(output).doesNotContain(PASSWORD);
		}
	}

	@Test
	void exportsSecretsOnlyWhenAskedTo() {
		try (ScriptedUpstream upstream = upstream()) {
			createWithSecret("moved", upstream);
			patch("/api/groups/moved", settings("socks5://user:" + PASSWORD + "@proxy.example:1080"));
			String masked = text(get("/api/export"));
			assertThat(masked).contains("socks5://user:***@proxy.example:1080")
				.doesNotContain(SECRET, PASSWORD, "tink:");
			post("/api/import", masked).expectStatus().isOk().expectBody().jsonPath("$.changes").isEmpty();
			String open = text(get("/api/export?secrets=true"));
			assertThat(open).contains(SECRET, "socks5://user:" + PASSWORD + "@proxy.example:1080");
			post("/api/import", open).expectStatus().isOk().expectBody().jsonPath("$.changes").isEmpty();
			this.client.delete().uri("/api/groups/moved").exchange().expectStatus().isNoContent();
			expectProblem(post("/api/import", masked), 400).jsonPath("$.errors[0].field")
				.isEqualTo("groups[0].headerRules[0].value");
			post("/api/import", open).expectStatus().isOk();
			assertThat(column("header_rules", "moved")).doesNotContain(SECRET);
		}
	}

	@Test
	void tellsHowSecretsAreEncrypted() {
		try (ScriptedUpstream upstream = upstream()) {
			createWithSecret("counted", upstream);
			JsonNode state = json(get("/api/encryption"));
			assertThat(state.path("state").asString()).isEqualTo("enabled");
			assertThat(state.path("opens").path(0).asString()).isEqualTo(state.path("keyId").asString());
			assertThat(state.path("pending").asLong()).isZero();
			assertThat(state.path("unreadable").asLong()).isZero();
			Map<String, Long> counts = new java.util.TreeMap<>();
			state.path("secrets").forEach((count) -> {
				assertThat(count.path("keyId")).isEqualTo(state.path("keyId"));
				counts.put(count.path("kind").asString(), count.path("count").asLong());
			});
			assertThat(counts).isEqualTo(Map.of("header-rule", 1L, "provider-key", 1L, "session-key", 1L));
			JsonNode task = ended(post("/api/encryption/rotate", ""));
			assertThat(task.path("kind").asString()).isEqualTo("encryption-rotate");
			assertThat(task.path("result").path("resealed").asLong()).isZero();
			assertThat(text(get("/api/audit?action=task.*"))).contains("encryption-rotate");
		}
	}

	private static ScriptedUpstream upstream() {
		return ScriptedUpstream.start().answer((_) -> Answer.json(200, "{}"));
	}

	private void createWithSecret(String name, ScriptedUpstream upstream) {
		post("/api/groups", """
				{"name": "%s", "provider": "openai", "upstreams": [{"url": "%s"}], "headerRules":
				 [{"action": "set", "name": "X-Team-Token", "value": "%s for ${GROUP_NAME}", "secret": true}]}"""
			.formatted(name, upstream.url(), SECRET)).expectStatus().isCreated();
		post("/api/groups/%s/keys".formatted(name), "{\"keys\": [\"sk-%s\"]}".formatted(name)).expectStatus().isOk();
	}

	private ReceivedRequest call(String group, ScriptedUpstream upstream) {
		if (this.callers.find("secrets-access-key-1") == null) {
			post("/api/access-keys", "{\"name\": \"secrets\", \"key\": \"secrets-access-key-1\"}");
		}
		this.client.post()
			.uri("/proxy/%s/v1/chat/completions".formatted(group))
			.headers((headers) -> headers.setBearerAuth("secrets-access-key-1"))
			.bodyValue("{}")
			.exchange()
			.expectStatus()
			.isOk();
		return upstream.take();
	}

	private void expectError(String value, String fields, String field, String message) {
		WebTestClient.ResponseSpec answer = patch("/api/groups/strict",
				"{\"headerRules\": [{\"action\": \"set\", \"%s\", \"value\": \"%s\"}]}".formatted(fields, value));
		expectProblem(answer, 400).jsonPath("$.errors[0].field")
			.isEqualTo(field)
			.jsonPath("$.errors[0].message")
			.isEqualTo(message);
	}

	private static String rules(String name, String secret) {
		return "{\"headerRules\": [{\"action\": \"set\", \"name\": \"%s\", \"value\": \"%s\", \"secret\": true}]}"
			.formatted(name, secret);
	}

	private static String settings(String egressProxy) {
		return "{\"settings\": {\"egress-proxy\": \"%s\"}}".formatted(egressProxy);
	}

	private String column(String column, String group) {
		return this.jdbc.sql("select %s from keymux_group where name = ?".formatted(column))
			.param(group)
			.query(String.class)
			.single();
	}

}
