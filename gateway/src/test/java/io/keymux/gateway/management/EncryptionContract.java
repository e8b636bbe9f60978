package io.keymux.gateway.management;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** What encryption at rest promises to several nodes on one database, whichever it is. */
@ExtendWith(OutputCaptureExtension.class)
abstract class EncryptionContract {

	private static final String A = "passphrase a";

	private static final String B = "passphrase b";

	private static final String SECRET = "secret-header-value";

	/** Address of an empty database. */
	abstract String database(String name);

	/** How many keys a large rotation has. */
	abstract int many();

	private String freshDatabase() {
		return database("encryption_" + UUID.randomUUID().toString().replace("-", ""));
	}

	@Test
	void isEnabledRotatedAndDisabledWhileRequestsGoOnWithoutOneFailure() {
		String database = freshDatabase();
		try (ScriptedUpstream upstream = upstream();
				TestNode plain = TestNode.start(database, Map.of());
				Traffic traffic = prepared(plain, upstream)) {
			assertThat(plain.encryption()).isEqualTo("disabled");
			try (TestNode enabling = TestNode.start(database, Map.of("KEYMUX_ENCRYPTION_KEY", A))) {
				assertThat(enabling.encryption()).isEqualTo("rotating");
				traffic.moveTo(plain, enabling);
				expectSealed(enabling, "enabled", 6);
				traffic.moveTo(enabling);
				try (TestNode rotating = TestNode.start(database,
						Map.of("KEYMUX_ENCRYPTION_KEY", B, "KEYMUX_DECRYPTION_KEY", A))) {
					traffic.moveTo(enabling, rotating);
					expectSealed(rotating, "enabled", 6);
					traffic.moveTo(rotating);
					try (TestNode disabling = TestNode.start(database, Map.of("KEYMUX_DECRYPTION_KEY", B))) {
						traffic.moveTo(rotating, disabling);
						expectSealed(disabling, "disabled", 6);
						traffic.moveTo(disabling);
						assertThat(keyCheck(disabling)).isZero();
						assertThat(disabling.jdbc()
							.sql("select count(*) from keymux_provider_key where secret like 'plain:%'")
							.query(Long.class)
							.single()).isEqualTo(3);
						traffic.moveTo(plain);
					}
				}
			}
			traffic.expectNoFailure();
			expectNoCiphertext(upstream);
		}
	}

	@Test
	void refusesWhatANodeWithAnotherKeyCannotReadAndServesTheRest(CapturedOutput output) {
		String database = freshDatabase();
		try (ScriptedUpstream upstream = upstream(); TestNode right = TestNode.start(database, sealing(A))) {
			prepareSealed(right, upstream);
			try (TestNode wrong = TestNode.start(database,
					Map.of("KEYMUX_ENCRYPTION_KEY", "wrong passphrase", "OPENAI_API_KEYS", "sk-declared"))) {
				assertThat(wrong.chat("open").statusCode()).isEqualTo(200);
				for (String group : List.of("sealed", "header", "egress", "all")) {
					expectUnreadable(wrong.chat(group), group);
				}
				assertThat(wrong.encryption()).isEqualTo("unreadable");
				assertThat(wrong.health().statusCode()).isEqualTo(200);
				JsonNode health = wrong.secretsHealth();
				assertThat(health.path("status").asString()).isEqualTo("WARNING");
				assertThat(health.path("details").path("newSecrets").asString()).startsWith("refused: ");
				JsonNode groups = health.path("details").path("groups");
				assertThat(groups.path("open").path("unreadableKeys").asInt()).isEqualTo(1);
				assertThat(groups.path("open").path("keys").asInt()).isEqualTo(2);
				assertThat(groups.path("open").path("serves").asBoolean()).isTrue();
				assertThat(groups.path("sealed").path("serves").asBoolean()).isFalse();
				assertThat(groups.path("header").path("unreadableRules").asBoolean()).isTrue();
				expectRefused(wrong.ask("POST", "/api/groups/open/keys", "{\"keys\": [\"sk-new\"]}"));
				expectRefused(wrong.ask("POST", "/api/groups/open/keys/import", "sk-new"));
				expectRefused(wrong.ask("PATCH", "/api/groups/open", rule("X-New", "new")));
				expectRefused(wrong.ask("POST", "/api/encryption/rotate", ""));
				assertThat(wrong.ask("GET", "/api/groups/sealed/keys/export", "").statusCode()).isNotEqualTo(200);
				assertThat(wrong.ask("POST", "/api/groups/header/copy", "{\"name\": \"copy\"}").statusCode())
					.isEqualTo(409);
				assertThat(wrong.manage("PATCH", "/api/groups/header", "{\"description\": \"fine\"}")
					.path("headerRules")
					.path(0)
					.path("value")
					.asString()).isEqualTo("***");
				assertThat(output).contains("Nothing of what the environment declares is applied")
					.doesNotContain("wrong passphrase");
				try (TestNode helping = TestNode.start(database,
						Map.of("KEYMUX_ENCRYPTION_KEY", "wrong passphrase", "KEYMUX_DECRYPTION_KEY", A))) {
					assertThat(helping.rotate().path("state").asString()).isEqualTo("completed");
				}
				for (String group : List.of("sealed", "header", "all")) {
					Await.until("group " + group, () -> wrong.chat(group).statusCode() == 200);
				}
				awaitHealthy(wrong);
				wrong.manage("POST", "/api/groups/open/keys", "{\"keys\": [\"sk-new\"]}");
			}
			expectNoCiphertext(upstream);
		}
	}

	@Test
	void rotatesManyKeysWhileAnotherNodeServesWithTheFormerKeyAlone() {
		String database = freshDatabase();
		try (ScriptedUpstream upstream = upstream();
				TestNode former = TestNode.start(database, sealing(A));
				Traffic traffic = prepared(former, upstream)) {
			String keys = IntStream.range(0, many())
				.mapToObj("sk-many-%d"::formatted)
				.collect(Collectors.joining("\n"));
			former.ended(former.manage("POST", "/api/groups/keys/keys/import", keys));
			create(former, "edited", upstream, rule("X-Secret", SECRET).replaceAll("^\\{|}$", ""));
			former.manage("POST", "/api/groups/edited/keys", "{\"keys\": [\"sk-edited\"]}");
			try (TestNode next = TestNode.start(database,
					Map.of("KEYMUX_ENCRYPTION_KEY", B, "KEYMUX_DECRYPTION_KEY", A))) {
				traffic.moveTo(former, next);
				int before = traffic.answers();
				Instant start = Instant.now();
				JsonNode task = next.manage("POST", "/api/encryption/rotate", "");
				int edits = edit(next, "/api/tasks/" + task.path("id").asLong());
				System.out.printf("%,d keys rotated in %s beside %,d requests and %d edits%n", many(),
						Duration.between(start, Instant.now()), traffic.answers() - before, edits);
				assertThat(next.ended(task).path("result").path("resealed").asInt()).isBetween(many(), many() + 8);
				assertThat(next.encryption()).isEqualTo("enabled");
				expectEdited(next, upstream, edits);
				expectRefused(former.ask("POST", "/api/groups/keys/keys", "{\"keys\": [\"sk-late\"]}"));
				former.manage("PATCH", "/api/groups/keys/keys/" + firstKey(former), "{\"note\": \"known\"}");
				traffic.moveTo(former);
			}
			traffic.expectNoFailure();
			crashAndRepeat(database);
			expectNoCiphertext(upstream);
		}
	}

	/**
	 * Goes on changing what is being sealed anew, as long as that takes; not what a node
	 * with the former key alone is asked for, which it could not read any more.
	 */
	private static int edit(TestNode node, String task) {
		int edits = 0;
		while (node.manage("GET", task, "").path("state").asString().equals("running")) {
			edits++;
			node.manage("PATCH", "/api/groups/edited", rule("X-Secret", "edit " + edits));
			node.manage("POST", "/api/groups/egress/keys", "{\"keys\": [\"sk-during-%d\"]}".formatted(edits));
		}
		return edits;
	}

	private static void expectEdited(TestNode node, ScriptedUpstream upstream, int edits) {
		assertThat(edits).isPositive();
		assertThat(node.manage("GET", "/api/groups/egress/keys?size=1", "").path("total").asInt()).isEqualTo(edits);
		assertThat(node.chat("edited").statusCode()).isEqualTo(200);
		assertThat(upstream.requests()).anyMatch((request) -> ("edit " + edits).equals(request.header("X-Secret")));
	}

	private void crashAndRepeat(String database) {
		JsonNode task;
		try (TestNode dying = TestNode.start(database,
				Map.of("KEYMUX_ENCRYPTION_KEY", A, "KEYMUX_DECRYPTION_KEY", B))) {
			task = dying.manage("POST", "/api/encryption/rotate", "");
			String path = "/api/tasks/" + task.path("id").asLong();
			Await.until("first batch", () -> dying.manage("GET", path, "").path("done").asLong() > 0);
		}
		try (TestNode other = TestNode.start(database,
				Map.of("KEYMUX_ENCRYPTION_KEY", B, "KEYMUX_DECRYPTION_KEY", A))) {
			String path = "/api/tasks/%d".formatted(task.path("id").asLong());
			assertThat(other.manage("GET", path, "").path("state").asString()).isEqualTo("failed");
			JsonNode state = other.manage("GET", "/api/encryption", "");
			assertThat(state.path("state").asString()).isEqualTo("rotating");
			assertThat(state.path("pending").asLong()).isBetween(1L, (long) many() + 8);
			assertThat(other.secretsHealth().path("status").asString()).isEqualTo("UP");
			JsonNode wrongNode = other.ended(other.manage("POST", path + "/repeat", ""));
			assertThat(wrongNode.path("state").asString()).isEqualTo("failed");
			assertThat(wrongNode.path("error").asString()).contains("which the task was started for");
		}
		try (TestNode again = TestNode.start(database,
				Map.of("KEYMUX_ENCRYPTION_KEY", A, "KEYMUX_DECRYPTION_KEY", B))) {
			again.ended(again.manage("POST", "/api/tasks/%d/repeat".formatted(task.path("id").asLong()), ""));
			assertThat(again.encryption()).isEqualTo("enabled");
			assertThat(again.ask("GET", "/api/groups/keys/keys/export", "").body().lines()).hasSize(many() + 2);
		}
	}

	private static ScriptedUpstream upstream() {
		return ScriptedUpstream.start().answer((_) -> Answer.json(200, "{}"));
	}

	private static Map<String, String> sealing(String key) {
		return Map.of("KEYMUX_ENCRYPTION_KEY", key);
	}

	/** Three keys, a secret header and a password of a proxy that nothing passes. */
	private static Traffic prepared(TestNode node, ScriptedUpstream upstream) {
		create(node, "keys", upstream, "\"description\": \"keys\"");
		create(node, "header", upstream, rule("X-Secret", SECRET).replaceAll("^\\{|}$", ""));
		node.manage("POST", "/api/groups/keys/keys", "{\"keys\": [\"sk-one\", \"sk-two\"]}");
		node.manage("POST", "/api/groups/header/keys", "{\"keys\": [\"sk-three\"]}");
		create(node, "egress", upstream, "\"settings\": {\"egress-proxy\": \"http://user:secret-pw@127.0.0.1:1\"}");
		return Traffic.start(List.of("keys", "header"), node);
	}

	private static void prepareSealed(TestNode node, ScriptedUpstream upstream) {
		create(node, "open", upstream, "\"description\": \"one key is in plain text\"");
		create(node, "sealed", upstream, "\"description\": \"its key is sealed\"");
		create(node, "header", upstream, rule("X-Secret", SECRET).replaceAll("^\\{|}$", ""));
		create(node, "egress", upstream, "\"settings\": {\"egress-proxy\": \"http://user:secret-pw@127.0.0.1:1\"}");
		for (String group : List.of("open", "sealed", "header", "egress")) {
			node.manage("POST", "/api/groups/%s/keys".formatted(group), "{\"keys\": [\"sk-%s\"]}".formatted(group));
		}
		node.manage("POST", "/api/groups", """
				{"name": "all", "provider": "openai", "members": [{"group": "sealed"}, {"group": "header"}]}""");
		// As if it had been stored before encryption was enabled.
		node.manage("POST", "/api/groups/open/keys", "{\"keys\": [\"sk-plain\"]}");
		node.jdbc()
			.sql("update keymux_provider_key set secret = 'plain:sk-plain' where id = (select max(id) from "
					+ "(select id from keymux_provider_key) ids)")
			.update();
	}

	private static void create(TestNode node, String name, ScriptedUpstream upstream, String more) {
		node.manage("POST", "/api/groups", """
				{"name": "%s", "provider": "openai", "upstreams": [{"url": "%s"}], %s}""".formatted(name,
				upstream.url(), more));
	}

	private static String rule(String name, String secret) {
		return "{\"headerRules\": [{\"action\": \"set\", \"name\": \"%s\", \"value\": \"%s\", \"secret\": true}]}"
			.formatted(name, secret);
	}

	private static void expectSealed(TestNode node, String state, int secrets) {
		JsonNode task = node.rotate();
		assertThat(task.path("state").asString()).isEqualTo("completed");
		assertThat(task.path("result").path("resealed").asInt()).isEqualTo(secrets);
		JsonNode encryption = node.manage("GET", "/api/encryption", "");
		assertThat(encryption.path("state").asString()).isEqualTo(state);
		assertThat(encryption.path("databaseKeyId")).isEqualTo(encryption.path("keyId"));
		assertThat(encryption.path("secrets").valueStream().mapToInt((count) -> count.path("count").asInt()).sum())
			.isEqualTo(secrets);
		assertThat(node.ask("GET", "/api/groups/header", "").headers().firstValue("ETag")).contains("\"1\"");
		assertThat(node.secretsHealth().path("status").asString()).isEqualTo("UP");
	}

	private static void awaitHealthy(TestNode node) {
		Awaitility.await()
			.atMost(Await.BOUND)
			.pollInterval(Duration.ofMillis(50))
			.untilAsserted(() -> assertThat(node.health().body()).contains("\"secrets\":{\"status\":\"UP\"}"));
	}

	private static void expectUnreadable(HttpResponse<String> answer, String group) {
		assertThat(answer.statusCode()).isEqualTo(503);
		assertThat(answer.body()).contains("secrets_unreadable", "'" + group + "'").doesNotContain("sk-");
	}

	private static void expectRefused(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).isEqualTo(409);
		assertThat(answer.body()).contains("No secret can be stored: The database is encrypted with key");
	}

	private static void expectNoCiphertext(ScriptedUpstream upstream) {
		assertThat(upstream.requests()).isNotEmpty()
			.noneMatch((request) -> request.headers().toString().matches("(?s).*(tink:|plain:|\\*\\*\\*).*"));
		assertThat(upstream.keys()).allMatch((key) -> key.contains("sk-"));
	}

	private static long keyCheck(TestNode node) {
		return node.jdbc()
			.sql("select count(*) from keymux_vault where key_check is not null")
			.query(Long.class)
			.single();
	}

	private static long firstKey(TestNode node) {
		return node.manage("GET", "/api/groups/keys/keys?size=1", "").path("items").path(0).path("id").asLong();
	}

}
