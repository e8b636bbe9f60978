package io.keymux.gateway.management;

import java.util.List;

import io.keymux.gateway.document.ConfigurationText;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What export and import of the whole configuration promise, whatever the database. */
abstract class ConfigurationContract extends ManagementContract {

	private static final String SECRET = "sk-export-me-0123456789";

	@Test
	void bringsBackWhatWasExported() {
		String caller = fill();
		for (String format : List.of("json", "yaml")) {
			String exported = text(get("/api/export?secrets=true&format=" + format));
			JsonNode before = json(get("/api/export?secrets=true"));
			wipe();
			JsonNode result = json(importText(exported, ""));
			assertThat(result.path("issued")).isEmpty();
			assertThat(json(get("/api/export?secrets=true"))).isEqualTo(before);
			assertThat(this.callers.find(caller)).isNotNull();
			assertThat(total("/api/groups/chat/keys?key=" + SECRET)).isEqualTo(1);
			assertThat(total("/api/groups/chat/keys?status=disabled")).isEqualTo(1);
		}
	}

	@Test
	void changesNothingWhenNothingChanged() {
		fill();
		String exported = text(get("/api/export?secrets=true&format=yaml"));
		assertThat(json(importText(exported, "")).path("changes")).isEmpty();
		assertThat(json(importText(exported, "?prune=true")).path("changes")).isEmpty();
	}

	@Test
	void keepsSecretsOutUnlessAsked() {
		String caller = fill();
		String exported = text(get("/api/export").expectHeader()
			.valueEquals(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"keymux.json\""));
		assertThat(exported).contains("\"chat\"", "\"web\"").doesNotContain(SECRET, caller, "keyHash", "\"keys\"");
		assertThat(text(get("/api/export?secrets=true"))).contains(SECRET).doesNotContain(caller);
		assertThat(text(get("/api/audit?action=configuration.export"))).contains("\"secrets\":true")
			.doesNotContain(SECRET);
		expectProblem(get("/api/export?format=xml"), 400);
	}

	@Test
	void tellsInADryRunWhatWouldChange() {
		fill();
		JsonNode result = json(importText("""
				groups:
				  - name: chat
				    provider: openai
				    upstreams: [{url: "https://one.example/base", weight: 3}]
				    keys: [sk-fresh-1, sk-fresh-2]
				  - name: new
				    provider: anthropic
				    upstreams: [{url: "https://api.example"}]
				accessKeys:
				  - name: mobile
				""", "?dryRun=true"));
		assertThat(result.path("dryRun").asBoolean()).isTrue();
		assertThat(actions(result)).containsExactly("group.update chat", "provider-key.add chat", "group.create new",
				"access-key.create mobile");
		JsonNode update = result.path("changes").path(0).path("fields");
		assertThat(update.path("upstreams").path("before")).hasSize(2);
		assertThat(update.path("upstreams").path("after")).hasSize(1);
		assertThat(update.has("provider")).isFalse();
		assertThat(result.path("changes").path(1).path("fields").path("added").path("after").asInt()).isEqualTo(2);
		assertThat(result.path("issued").path(0).path("name").asString()).isEqualTo("mobile");
		assertThat(result.path("issued").path(0).path("key").isNull()).isTrue();
		expectProblem(get("/api/groups/new"), 404);
		assertThat(total("/api/groups/chat/keys")).isEqualTo(2);
		assertThat(total("/api/access-keys")).isEqualTo(1);
		assertThat(text(get("/api/audit"))).doesNotContain("mobile");
	}

	@Test
	void importsAllOrNothing() {
		fill();
		String before = text(get("/api/export?secrets=true"));
		expectProblem(importText("""
				{"groups": [{"name": "fine", "provider": "openai", "upstreams": [{"url": "https://a.example"}]},
				 {"name": "both", "provider": "openai", "members": [{"group": "fine"}, {"group": "nobody"}]}]}""", ""),
				400)
			.jsonPath("$.errors[0].field")
			.isEqualTo("groups[1].members[1].group");
		expectProblem(importText("{\"groups\": [{\"name\": \"fine\", \"provider\": \"openai\", \"upstreams\": "
				+ "[{\"url\": \"https://a.example\"}], \"keys\": [\"sk-ok\", \"not ok\"]}]}", ""), 400)
			.jsonPath("$.errors[0].field")
			.isEqualTo("groups[0].keys[1]");
		expectProblem(importText("{\"groups\": 1}", ""), 400).jsonPath("$.errors[0].field").isEqualTo("groups");
		expectProblem(importText("{\"version\": 2}", ""), 400).jsonPath("$.errors[0].field").isEqualTo("version");
		expectProblem(importText("{\"surprise\": 2}", ""), 400).jsonPath("$.errors[0].field").isEqualTo("surprise");
		expectProblem(importText("groups: [", ""), 400);
		expectProblem(importText("- a", ""), 400);
		assertThat(text(get("/api/export?secrets=true"))).isEqualTo(before);
	}

	@Test
	void prunesWhatTheDocumentDoesNotName() {
		fill();
		createGroup("left");
		ObjectNode document = (ObjectNode) ConfigurationText.read(text(get("/api/export?secrets=true")));
		document.withArray("groups").remove(2);
		document.withArray("groups").remove(1);
		((ObjectNode) document.withArray("groups").path(0)).withArray("keys").remove(1);
		document.withArray("accessKeys").removeAll();
		JsonNode result = json(importText(document.toString(), "?prune=true"));
		assertThat(actions(result)).containsExactly("provider-key.delete chat", "access-key.delete web",
				"group.delete both", "group.delete left");
		assertThat(total("/api/groups")).isEqualTo(1);
		assertThat(total("/api/groups/chat/keys")).isEqualTo(1);
	}

	@Test
	void issuesASecretToAnAccessKeyThatComesWithoutOne() {
		JsonNode issued = json(importText("accessKeys: [{name: fresh}]", "")).path("issued").path(0);
		assertThat(issued.path("name").asString()).isEqualTo("fresh");
		assertThat(this.callers.find(issued.path("key").asString())).isNotNull();
		assertThat(json(importText("accessKeys: [{name: given, key: sk-given-access-key-1}]", "")).path("issued"))
			.isEmpty();
		assertThat(this.callers.find("sk-given-access-key-1")).isNotNull();
	}

	@Test
	void keepsTheOrderOfGroups() {
		fill();
		post("/api/groups", group("first")).expectStatus().isCreated();
		post("/api/groups/order", "{\"names\": [\"first\", \"both\"]}").expectStatus().is2xxSuccessful();
		String exported = text(get("/api/export?secrets=true"));
		List<String> order = names(json(get("/api/export")));
		assertThat(order).startsWith("first", "both");
		wipe();
		importText(exported, "").expectStatus().isOk();
		assertThat(names(json(get("/api/groups")).path("items"))).isEqualTo(order);
		post("/api/groups/order", "{\"names\": [\"chat\"]}").expectStatus().is2xxSuccessful();
		assertThat(actions(json(importText(exported, "?dryRun=true")))).contains("group.order ");
		importText("{\"groups\": [%s]}".formatted(group("first")), "").expectStatus().isOk();
		assertThat(names(json(get("/api/groups")).path("items"))).startsWith("chat");
	}

	@Test
	void refusesHashesMasksAndTimesThatCannotBeStored() {
		expectInvalid("{\"name\": \"a\", \"keyHash\": \"x!\"}", "accessKeys[0].keyHash");
		expectInvalid("{\"name\": \"a\", \"keyHash\": \"YWJj\"}", "accessKeys[0].keyHash");
		expectInvalid("{\"name\": \"a\", \"masked\": \"%s\"}".formatted("x".repeat(17)), "accessKeys[0].masked");
		expectInvalid("{\"name\": \"a\", \"expiresAt\": \"+99999-01-01T00:00:00Z\"}", "accessKeys[0].expiresAt");
		expectProblem(get("/api/audit?from={from}", "+99999-01-01T00:00:00Z"), 400);
		assertThat(total("/api/access-keys")).isZero();
	}

	private void expectInvalid(String accessKey, String field) {
		expectProblem(importText("{\"accessKeys\": [%s]}".formatted(accessKey), ""), 400).jsonPath("$.errors[0].field")
			.isEqualTo(field);
	}

	private static List<String> names(JsonNode list) {
		JsonNode groups = list.isArray() ? list : list.path("groups");
		return groups.valueStream().map((group) -> group.path("name").asString()).toList();
	}

	/** A group with keys, an aggregate and a caller; answers the caller's secret. */
	private String fill() {
		post("/api/groups", FULL_GROUP).expectStatus().isCreated();
		post("/api/groups/chat/keys", "{\"keys\": [\"%s\", \"sk-second\"]}".formatted(SECRET));
		patch("/api/groups/chat/keys/" + keyId("chat", "sk-second"), "{\"enabled\": false, \"note\": \"yes\"}");
		post("/api/groups", "{\"name\": \"both\", \"provider\": \"openai\", \"members\": [{\"group\": \"chat\"}]}");
		return json(post("/api/access-keys", "{\"name\": \"web\", \"groups\": [\"both\"], \"models\": [\"gpt-*\"]}"))
			.path("key")
			.asString();
	}

	private void wipe() {
		importText("{}", "?prune=true").expectStatus().isOk();
		assertThat(total("/api/groups")).isZero();
		assertThat(total("/api/access-keys")).isZero();
	}

	private static List<String> actions(JsonNode result) {
		return result.path("changes")
			.valueStream()
			.map((change) -> change.path("action").asString() + " " + change.path("target").asString())
			.toList();
	}

	private WebTestClient.ResponseSpec importText(String document, String query) {
		MediaType type = document.startsWith("{") ? MediaType.APPLICATION_JSON
				: MediaType.parseMediaType("application/yaml");
		return this.client.post().uri("/api/import" + query).contentType(type).bodyValue(document).exchange();
	}

}
