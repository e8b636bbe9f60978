package io.keymux.gateway.management;

import java.util.Map;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.ScriptedUpstream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What the settings API promises, whatever the database. */
@TestPropertySource(properties = { "keymux.settings.cooldown=45s", "KEYMUX_SETTING_PROBE_TIMEOUT=7s",
		"KEYMUX_ACCESS_KEYS=access-key-for-settings" })
abstract class SettingsContract extends ManagementContract {

	@Test
	void showsEverySettingAndWhereItsValueComesFrom() {
		createGroup("own");
		patch("/api/groups/own", "{\"settings\": {\"max-attempts\": \"2\"}}").expectStatus().isOk();
		patch("/api/settings", "{\"max-attempts\": 3, \"connect-timeout\": \"2s\"}").expectStatus().isOk();
		expectSetting("", "response-timeout", "600s", "default");
		expectSetting("", "cooldown", "45s", "environment");
		expectSetting("", "probe-timeout", "7s", "environment");
		expectSetting("", "connect-timeout", "2s", "system");
		expectSetting("", "max-attempts", "3", "system");
		expectSetting("?group=own", "max-attempts", "2", "group");
		JsonNode setting = setting("", "max-attempts");
		assertThat(setting.path("source").asString()).isEqualTo("api");
		assertThat(setting.path("default").asString()).isEqualTo("4");
		assertThat(setting.path("type").asString()).isEqualTo("integer");
		assertThat(setting.path("bounds").asString()).isEqualTo("whole number from 1 to 100");
		assertThat(setting("", "cooldown").path("unit").asString()).isEqualTo("ms, s, m, h or d");
		assertThat(setting("", "max-in-flight").path("systemOnly").asBoolean()).isTrue();
		expectProblem(get("/api/settings?group=nobody"), 404);
	}

	@Test
	void systemSettingsWinOverTheEnvironmentAndCanBeTakenBack() {
		patch("/api/settings", "{\"cooldown\": \"10s\"}").expectStatus().isOk();
		expectSetting("", "cooldown", "10s", "system");
		patch("/api/settings", "{\"cooldown\": null}").expectStatus().isOk();
		expectSetting("", "cooldown", "45s", "environment");
	}

	@Test
	void refusesAPatchAsAWhole() {
		long before = revision();
		expectProblem(patch("/api/settings",
				"""
						{"cooldown": "5s", "max-attempts": 0, "no-such": "1", "retry-on": "200", "probe-interval": {"a": 1}}"""),
				400)
			.jsonPath("$.errors[*].field")
			.isEqualTo("probe-interval");
		expectProblem(patch("/api/settings", """
				{"cooldown": "5s", "max-attempts": 0, "no-such": "1", "retry-on": "200"}"""), 400)
			.jsonPath("$.errors[?(@.field == 'settings.max-attempts')].message")
			.isEqualTo("'0' (expected: a whole number from 1 to 100)")
			.jsonPath("$.errors.length()")
			.isEqualTo(3);
		expectProblem(patch("/api/settings", "[]"), 400);
		expectSetting("", "cooldown", "45s", "environment");
		assertThat(revision()).isEqualTo(before);
	}

	@Test
	void takesEffectAtOnceWithoutARestart() {
		try (ScriptedUpstream upstream = ScriptedUpstream.start().answer((_) -> Answer.json(200, "{}"))) {
			post("/api/groups", """
					{"name": "live", "provider": "openai", "upstreams": [{"url": "%s"}]}""".formatted(upstream.url()))
				.expectStatus()
				.isCreated();
			post("/api/groups/live/keys", "{\"keys\": [\"sk-live\"]}").expectStatus().isOk();
			post("/api/access-keys", "{\"name\": \"caller\", \"key\": \"access-key-for-settings-1\"}").expectStatus()
				.isCreated();
			String body = "{\"model\": \"m\", \"padding\": \"%s\"}".formatted("x".repeat(2000));
			assertThat(chat(body).value()).isEqualTo(200);
			patch("/api/settings", "{\"max-body-size\": \"1KB\"}").expectStatus().isOk();
			assertThat(chat(body).value()).isEqualTo(413);
			patch("/api/settings", "{\"max-body-size\": null}").expectStatus().isOk();
			assertThat(chat(body).value()).isEqualTo(200);
		}
	}

	@Test
	void sealsMasksAndAuditsSecretParts() {
		patch("/api/settings", "{\"egress-proxy\": \"http://user:hidden-password@127.0.0.1:3128\"}").expectStatus()
			.isOk();
		expectSetting("", "egress-proxy", "http://user:***@127.0.0.1:3128", "system");
		patch("/api/settings", "{\"egress-proxy\": \"http://user:***@127.0.0.1:3128\", \"max-attempts\": 5}")
			.expectStatus()
			.isOk();
		assertThat(stored("egress-proxy")).contains("{tink:").doesNotContain("hidden-password");
		assertThat(text(get("/api/export?secrets=true"))).contains("hidden-password");
		assertThat(text(get("/api/export"))).contains("user:***@").doesNotContain("hidden-password");
		JsonNode audit = json(get("/api/audit?action=settings.update"));
		assertThat(audit.path("items")).hasSize(2);
		assertThat(audit.toString()).contains("user:***@").doesNotContain("hidden-password", "tink:");
		JsonNode secrets = json(get("/api/encryption")).path("secrets");
		assertThat(secrets.toString()).contains("system-setting");
	}

	@Test
	void travelWithExportAndImport() {
		patch("/api/settings", "{\"max-attempts\": 6, \"egress-proxy\": \"http://u:pw@127.0.0.1:1\"}").expectStatus()
			.isOk();
		String exported = text(get("/api/export?secrets=true"));
		patch("/api/settings", "{\"max-attempts\": 7, \"egress-proxy\": null, \"cooldown\": \"9s\"}").expectStatus()
			.isOk();
		JsonNode dry = json(post("/api/import?dryRun=true", exported));
		assertThat(dry.path("changes").toString()).contains("settings.update", "max-attempts").doesNotContain("pw@");
		expectSetting("", "max-attempts", "7", "system");
		post("/api/import", exported).expectStatus().isOk();
		expectSetting("", "max-attempts", "6", "system");
		expectSetting("", "cooldown", "9s", "system");
		post("/api/import?prune=true", exported).expectStatus().isOk();
		expectSetting("", "cooldown", "45s", "environment");
		assertThat(json(post("/api/import?prune=true", exported)).path("changes")).isEmpty();
		expectProblem(post("/api/import", "{\"settings\": {\"max-attempts\": \"many\"}}"), 400)
			.jsonPath("$.errors[0].field")
			.isEqualTo("settings.max-attempts");
	}

	@Test
	void thisNodeTellsWhatItHasTakenIn() {
		createGroup("seen");
		Await.until("the node is listed with the last revision",
				() -> json(get("/api/nodes")).path("items").valueStream().anyMatch(SettingsContract::upToDate));
		JsonNode nodes = json(get("/api/nodes"));
		assertThat(nodes.path("revisions").propertyNames()).contains("settings", "groups", "access-keys");
		JsonNode node = nodes.path("items")
			.valueStream()
			.filter((item) -> item.path("live").asBoolean())
			.findFirst()
			.orElseThrow();
		assertThat(node.path("warnings")).isEmpty();
	}

	/** As if the notice of another node's change had been lost. */
	@Test
	void findsOutAboutChangesNobodyToldItOf() {
		createGroup("missed");
		post("/api/groups/missed/keys", "{\"keys\": [\"sk-one\"]}").expectStatus().isOk();
		this.jdbc.sql("update keymux_provider_key set weight = 5").update();
		this.jdbc.sql("update keymux_group set key_revision = key_revision + 1").update();
		this.jdbc.sql("insert into keymux_setting (name, setting_value) values ('max-attempts', '8')").update();
		this.jdbc.sql("update keymux_revision set revision = revision + 1 where scope = 'settings'").update();
		this.jdbc.sql("update keymux_group set enabled = false").update();
		this.jdbc.sql("update keymux_revision set revision = revision + 1 where scope = 'groups'").update();
		Await.until("the setting is in force", () -> setting("", "max-attempts").path("value").asString().equals("8"));
		Await.until("the node is up to date",
				() -> json(get("/api/nodes")).path("items").valueStream().anyMatch(SettingsContract::upToDate));
	}

	private static boolean upToDate(JsonNode node) {
		return node.path("live").asBoolean() && node.path("behind").isEmpty();
	}

	private HttpStatusCode chat(String body) {
		WebTestClient caller = WebTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
		return caller.post()
			.uri("/proxy/live/v1/chat/completions?key=access-key-for-settings-1")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.exchange()
			.expectBody(String.class)
			.returnResult()
			.getStatus();
	}

	private long revision() {
		return json(get("/api/settings")).path("revision").asLong();
	}

	private String stored(String name) {
		return this.jdbc.sql("select setting_value from keymux_setting where name = ?")
			.param(name)
			.query(String.class)
			.single();
	}

	private JsonNode setting(String query, String name) {
		return json(get("/api/settings" + query)).path("items")
			.valueStream()
			.filter((item) -> item.path("name").asString().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private void expectSetting(String query, String name, String value, String tier) {
		JsonNode setting = setting(query, name);
		assertThat(Map.of("value", setting.path("value").asString(), "tier", setting.path("tier").asString()))
			.isEqualTo(Map.of("value", value, "tier", tier));
	}

}
