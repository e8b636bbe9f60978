package io.keymux.gateway.management;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.key.KeyState;
import io.keymux.gateway.key.KeyStatus;
import io.keymux.gateway.task.Tasks;
import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.ScriptedUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What long jobs, copies of groups and the audit log promise, whatever the database. */
@ExtendWith(OutputCaptureExtension.class)
abstract class OperationsContract extends ManagementContract {

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	Tasks tasks;

	@Test
	void importsKeysAsATaskThatTellsWhatBecameOfThem() {
		createGroup("imports");
		post("/api/groups/imports/keys", "{\"keys\": [\"sk-import-b\"]}");
		JsonNode task = ended(upload("imports", "sk-import-a\r\n\n  sk-import-b \nsk-import-a\nsk-import-c"));
		assertThat(task.path("state").asString()).isEqualTo("completed");
		assertThat(task.path("kind").asString()).isEqualTo("key-import");
		assertThat(task.path("target").asString()).isEqualTo("imports");
		assertThat(task.path("done").asInt()).isEqualTo(4);
		assertThat(task.path("total").asInt()).isEqualTo(4);
		assertThat(task.path("result").path("added").asInt()).isEqualTo(2);
		assertThat(task.path("result").path("ignored").asInt()).isEqualTo(2);
		assertThat(export("imports")).isEqualTo("sk-import-b\nsk-import-a\nsk-import-c\n");
		assertThat(leftPieces()).isZero();
	}

	@Test
	void refusesAnUploadWithABadLineAsAWhole(CapturedOutput output) {
		createGroup("imports");
		String keys = IntStream.range(0, 2500).mapToObj("sk-good-%d"::formatted).collect(Collectors.joining("\n"));
		expectProblem(upload("imports", keys + "\nsk with-white-space-in-it"), 400).jsonPath("$.errors[0].field")
			.isEqualTo("line 2501");
		expectProblem(upload("imports", "x".repeat(5000)), 400).jsonPath("$.errors[0].message")
			.isEqualTo("more than 4096 characters (expected: one key a line)");
		expectProblem(upload("imports", "\n \n"), 400);
		expectProblem(upload("nobody", "sk-a"), 404);
		assertThat(total("/api/groups/imports/keys")).isZero();
		assertThat(leftPieces()).isZero();
		assertThat(output).doesNotContain("white-space-in-it");
	}

	@Test
	void importsAHundredThousandKeys() {
		createGroup("bulk");
		Flux<String> lines = Flux.range(0, 100_000)
			.map("sk-bulk-%032d%n"::formatted)
			.buffer(500)
			.map((some) -> String.join("", some));
		Instant start = Instant.now();
		JsonNode task = ended(this.client.post()
			.uri("/api/groups/bulk/keys/import")
			.contentType(MediaType.TEXT_PLAIN)
			.body(lines, String.class)
			.exchange());
		Duration took = Duration.between(start, Instant.now());
		System.out.println("100,000 keys imported in " + took);
		assertThat(task.path("result").path("added").asInt()).isEqualTo(100_000);
		assertThat(total("/api/groups/bulk/keys?status=active")).isEqualTo(100_000);

		Instant startDelete = Instant.now();
		assertThat(
				ended(post("/api/groups/bulk/keys/delete", "{\"all\": true}")).path("result").path("changed").asInt())
			.isEqualTo(100_000);
		System.out.println("100,000 keys deleted in " + Duration.between(startDelete, Instant.now()));
		assertThat(total("/api/groups/bulk/keys")).isZero();
	}

	@Test
	void callsATaskOffAndRepeatsWhatIsLeft() {
		try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
			createGroup("slow", upstream, "\"settings\": {\"probe-concurrency\": \"1\"}");
			post("/api/groups/slow/keys", "{\"keys\": [\"sk-slow-1\", \"sk-slow-2\", \"sk-slow-3\"]}");
			CompletableFuture<String> release = new CompletableFuture<>();
			upstream.answer((_) -> Answer.json(200, Await.on(release)));
			JsonNode task = json(post("/api/groups/slow/keys/probe", "{\"all\": true}"));
			String path = "/api/tasks/" + task.path("id").asLong();
			Await.until("first probe", () -> !upstream.requests().isEmpty());
			expectProblem(post(path + "/repeat", ""), 409);
			this.client.delete().uri(path).exchange().expectStatus().isOk();
			release.complete("{}");
			Await.until("end", () -> !json(get(path)).path("state").asString().equals("running"));
			assertThat(json(get(path)).path("state").asString()).isEqualTo("cancelled");
			assertThat(json(get(path)).path("done").asInt()).isLessThan(3);
			JsonNode again = ended(post(path + "/repeat", ""));
			assertThat(again.path("state").asString()).isEqualTo("completed");
			assertThat(again.path("repeatOf").asLong()).isEqualTo(task.path("id").asLong());
			assertThat(again.path("result").path("accepted").asInt()).isEqualTo(3);
			this.client.delete()
				.uri("/api/tasks/" + again.path("id").asLong())
				.exchange()
				.expectStatus()
				.isEqualTo(409);
		}
	}

	@Test
	void probesKeysSideBySideWithOtherTasksAndEjectsTheRejected() {
		try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
			createGroup("probed", upstream, "\"enabled\": true");
			upstream.answer((request) -> String.valueOf(request.header("Authorization")).endsWith("dead")
					? Answer.json(401, "{\"error\":{\"message\":\"Incorrect API key\",\"code\":\"invalid_api_key\"}}")
					: Answer.json(200, "{}"));
			post("/api/groups/probed/keys", "{\"keys\": [\"sk-probe-alive\", \"sk-probe-dead\"]}");
			createGroup("other");
			JsonNode task = ended(post("/api/groups/probed/keys/probe", "{\"status\": \"active\"}"));
			assertThat(ended(upload("other", "sk-other")).path("state").asString()).isEqualTo("completed");
			assertThat(task.path("result").path("accepted").asInt()).isEqualTo(1);
			assertThat(task.path("result").path("rejected").asInt()).isEqualTo(1);
			JsonNode ejected = json(get("/api/groups/probed/keys?status=ejected")).path("items").path(0);
			assertThat(ejected.path("masked").asString()).isEqualTo("…");
			assertThat(ejected.path("lastError").asString()).isNotEmpty();
			assertThat(ejected.path("lastErrorAt").asString()).isNotEmpty();
			JsonNode statistics = json(get("/api/groups/probed/statistics"));
			assertThat(statistics.path("keys").path("ejected").asInt()).isEqualTo(1);
			assertThat(statistics.path("total").asInt()).isEqualTo(2);
			assertThat(statistics.path("upstreams").path(0).path("url").asString()).isEqualTo(upstream.url());
		}
	}

	@Test
	void restoresKeysByIdOrStatus() {
		createGroup("restoring");
		post("/api/groups/restoring/keys", "{\"keys\": [\"one\", \"two\"]}");
		KeyState ejected = state(new KeyStatus.Ejected(Instant.now().plus(Duration.ofHours(1)), 2));
		long one = keyId("restoring", "one");
		learn("restoring", Map.of(one, ejected, keyId("restoring", "two"), ejected));
		String path = "/api/groups/restoring/keys/restore";
		assertThat(changed(post(path, "{\"ids\": [%d, 99]}".formatted(one)))).isEqualTo(1);
		assertThat(total("/api/groups/restoring/keys?status=ejected")).isEqualTo(1);
		assertThat(changed(post(path, "{\"status\": \"ejected\"}"))).isEqualTo(1);
		assertThat(total("/api/groups/restoring/keys?status=active")).isEqualTo(2);
		expectProblem(post(path, "{}"), 400);
		expectProblem(post(path, "{\"all\": true, \"status\": \"active\"}"), 400);
		expectProblem(post(path, "{\"ids\": [null]}"), 400).jsonPath("$.errors[0].field").isEqualTo("ids[0]");
		expectProblem(post("/api/groups/nobody/keys/restore", "{\"all\": true}"), 404);
	}

	@Test
	void disablesEnablesAndDeletesManyKeys() {
		createGroup("many");
		ended(upload("many",
				IntStream.range(0, 1200).mapToObj("sk-many-%d"::formatted).collect(Collectors.joining("\n"))));
		assertThat(changed(post("/api/groups/many/keys/disable", "{\"all\": true}"))).isEqualTo(1200);
		assertThat(total("/api/groups/many/keys?status=disabled")).isEqualTo(1200);
		assertThat(json(get("/api/groups/many/statistics")).path("keys").path("disabled").asInt()).isEqualTo(1200);
		long first = keyId("many", "sk-many-0");
		assertThat(changed(post("/api/groups/many/keys/enable", "{\"ids\": [%d]}".formatted(first)))).isEqualTo(1);
		assertThat(total("/api/groups/many/keys?status=active")).isEqualTo(1);
		assertThat(changed(post("/api/groups/many/keys/delete", "{\"status\": \"disabled\"}"))).isEqualTo(1199);
		assertThat(total("/api/groups/many/keys")).isEqualTo(1);
	}

	@Test
	void marksATaskOfADeadNodeFailedSoThatItCanBeRepeated() {
		createGroup("orphan");
		JsonNode task = ended(upload("orphan", "sk-orphan"));
		long id = task.path("id").asLong();
		this.jdbc.sql(
				"update keymux_task set state = 'running', finished_at = null, node = 'gone-1', heartbeat_at = ? where id = ?")
			.param(java.time.LocalDateTime.now(java.time.ZoneOffset.UTC).minusMinutes(1))
			.param(id)
			.update();
		Await.until("the task is given up",
				() -> json(get("/api/tasks/" + id)).path("state").asString().equals("failed"));
		assertThat(json(get("/api/tasks/" + id)).path("error").asString()).contains("gone-1");
		assertThat(text(get("/api/audit?action=task.end"))).contains("gone-1");
		assertThat(ended(post("/api/tasks/%d/repeat".formatted(id), "")).path("state").asString())
			.isEqualTo("completed");
		assertThat(total("/api/tasks?state=failed")).isPositive();
		expectProblem(get("/api/tasks?state=odd"), 400);
		expectProblem(get("/api/tasks/999999"), 404);
	}

	@Test
	void marksATaskFailedWhateverItThrows() {
		long id = this.tasks.start(Actor.system("test"), BrokenJob.KIND, "anything", Map.of()).id();
		Await.until("the task ends", () -> !json(get("/api/tasks/" + id)).path("state").asString().equals("running"));
		JsonNode task = json(get("/api/tasks/" + id));
		assertThat(task.path("state").asString()).isEqualTo("failed");
		assertThat(task.path("error").asString()).startsWith("Unexpected (StackOverflowError)");
	}

	@Test
	void tellsTheProgressOfATaskUntilItEnds() {
		createGroup("watched");
		long id = ended(upload("watched", "sk-watched")).path("id").asLong();
		List<String> events = this.client.get()
			.uri("/api/tasks/%d/events".formatted(id))
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchange()
			.expectStatus()
			.isOk()
			.returnResult(String.class)
			.getResponseBody()
			.collectList()
			.block(Await.BOUND);
		assertThat(events).hasSize(1).first().asString().contains("\"state\":\"completed\"");
	}

	@Test
	void copiesAGroupWithNoActiveOrAllKeys() {
		post("/api/groups", FULL_GROUP);
		post("/api/groups/chat/keys", "{\"keys\": [\"sk-copy-one\", \"sk-copy-two\"]}");
		patch("/api/groups/chat/keys/" + keyId("chat", "sk-copy-two"), "{\"enabled\": false}");
		post("/api/groups/chat/copy", "{\"name\": \"none\"}").expectStatus()
			.isCreated()
			.expectHeader()
			.location("/api/groups/none")
			.expectBody()
			.jsonPath("$.modelAliases.best")
			.isEqualTo("gpt-5");
		post("/api/groups/chat/copy", "{\"name\": \"active\", \"keys\": \"active\"}").expectStatus().isCreated();
		post("/api/groups/chat/copy", "{\"name\": \"all\", \"keys\": \"all\"}").expectStatus().isCreated();
		assertThat(total("/api/groups/none/keys")).isZero();
		assertThat(export("active")).isEqualTo("sk-copy-one\n");
		assertThat(export("all")).isEqualTo("sk-copy-one\nsk-copy-two\n");
		assertThat(total("/api/groups/all/keys?status=disabled")).isEqualTo(1);
		expectProblem(post("/api/groups/chat/copy", "{\"name\": \"all\"}"), 409);
		expectProblem(post("/api/groups/chat/copy", "{}"), 400);
		expectProblem(post("/api/groups/nobody/copy", "{\"name\": \"x\"}"), 404);
	}

	@Test
	void keepsGroupsInTheOrderTheyArePut() {
		List.of("a", "b", "c").forEach(this::createGroup);
		assertThat(groupNames()).containsExactly("a", "b", "c");
		post("/api/groups/order", "{\"names\": [\"c\", \"a\"]}").expectStatus().isNoContent();
		assertThat(groupNames()).containsExactly("c", "a", "b");
		createGroup("d");
		patch("/api/groups/c", "{\"description\": \"first\"}");
		assertThat(groupNames()).containsExactly("c", "a", "b", "d");
		expectProblem(post("/api/groups/order", "{\"names\": [\"a\", \"a\", \"x\"]}"), 400)
			.jsonPath("$.errors[1].message")
			.isEqualTo("'x' does not exist");
	}

	@Test
	void tellsTheLiveSharesOfMembers() {
		createGroup("one");
		createGroup("two");
		post("/api/groups/one/keys", "{\"keys\": [\"sk-1\"]}");
		post("/api/groups", """
				{"name": "both", "provider": "openai", "members": [{"group": "one", "weight": 1},
				 {"group": "two", "weight": 3}]}""").expectStatus().isCreated();
		assertThat(json(get("/api/groups/both/statistics")).path("members").path(0).path("share").asDouble())
			.isEqualTo(1.0);
		post("/api/groups/two/keys", "{\"keys\": [\"sk-2\"]}");
		assertThat(json(get("/api/groups/both/statistics")).path("members").path(1).path("share").asDouble())
			.isEqualTo(0.75);
	}

	@Test
	void keepsAGroupThatAccessKeysName() {
		createGroup("named");
		long id = json(post("/api/access-keys", "{\"name\": \"web\", \"groups\": [\"named\"]}")).path("id").asLong();
		expectProblem(this.client.delete().uri("/api/groups/named").exchange(), 409).jsonPath("$.detail")
			.isEqualTo("Group 'named' is named by access keys: 'web' (expected: none names it).");
		patch("/api/access-keys/" + id, "{\"groups\": []}").expectStatus().isOk();
		this.client.delete().uri("/api/groups/named").exchange().expectStatus().isNoContent();
	}

	@Test
	void letsTheOldSecretOfARotatedAccessKeyWorkForTheOverlap() {
		JsonNode issued = json(post("/api/access-keys", "{\"name\": \"rotating\"}"));
		String path = "/api/access-keys/" + issued.path("id").asLong();
		JsonNode rotated = json(post(path + "/rotate", "{\"overlap\": \"1h\"}"));
		assertThat(this.callers.find(issued.path("key").asString())).isNotNull()
			.satisfies((caller) -> assertThat(caller.usable(Instant.now())).isTrue())
			.satisfies((caller) -> assertThat(caller.usable(Instant.now().plus(Duration.ofHours(2)))).isFalse());
		assertThat(this.callers.find(rotated.path("key").asString())).isNotNull()
			.satisfies((caller) -> assertThat(caller.expiresAt()).isNull());
		assertThat(Instant.parse(rotated.path("previousUntil").asString())).isAfter(Instant.now());
		post(path + "/rotate", "").expectStatus().isOk();
		assertThat(this.callers.find(issued.path("key").asString())).isNull();
		assertThat(this.callers.find(rotated.path("key").asString())).isNull();
		expectProblem(post(path + "/rotate", "{\"overlap\": \"soon\"}"), 400);
		expectProblem(post(path + "/rotate", "{\"overlap\": \"1000d\"}"), 400);
	}

	@Test
	void notesWhoChangedWhatAndNoSecret() {
		createGroup("audited");
		patch("/api/groups/audited", "{\"description\": \"better\"}");
		post("/api/groups/audited/keys", "{\"keys\": [\"sk-audit-secret-0123456789\"]}");
		export("audited");
		String secret = json(post("/api/access-keys", "{\"name\": \"seen\"}")).path("key").asString();
		this.client.delete().uri("/api/groups/audited").exchange();
		JsonNode entries = json(get("/api/audit?target=audited")).path("items");
		assertThat(entries.valueStream().map((entry) -> entry.path("action").asString()))
			.containsExactly("group.delete", "provider-key.export", "provider-key.add", "group.update", "group.create");
		JsonNode update = entries.path(3);
		assertThat(update.path("before").path("description").isNull()).isTrue();
		assertThat(update.path("after").path("description").asString()).isEqualTo("better");
		assertThat(update.path("actor").asString()).isEqualTo("admin");
		assertThat(update.path("actorKind").asString()).isEqualTo("admin-key");
		assertThat(update.path("address").asString()).isEqualTo("127.0.0.1");
		assertThat(total(get("/api/audit?action=group.*&size=2"))).isEqualTo(2);
		String all = text(get("/api/audit/export"));
		assertThat(all).contains("access-key.create").doesNotContain("sk-audit-secret-0123456789", secret);
		assertThat(all.lines()).hasSize(6);
		assertThat(text(get("/api/audit/export?format=csv"))).startsWith("id,at,actor").contains(",group.update,");
		expectProblem(get("/api/audit?from=yesterday"), 400).jsonPath("$.errors[0].field").isEqualTo("from");
	}

	@Test
	void pagesThroughTheAuditLogWithoutMissingAnEntry() {
		IntStream.range(0, 5).forEach((i) -> createGroup("g" + i));
		JsonNode first = json(get("/api/audit?size=3"));
		JsonNode second = json(get("/api/audit?size=3&after=" + first.path("next").asString()));
		assertThat(first.path("items")).hasSize(3);
		assertThat(second.path("items")).hasSize(2);
		assertThat(second.path("next").isNull()).isTrue();
		assertThat(second.path("items").path(1).path("target").asString()).isEqualTo("g0");
	}

	private int changed(WebTestClient.ResponseSpec started) {
		return ended(started).path("result").path("changed").asInt();
	}

	private static int total(WebTestClient.ResponseSpec answer) {
		return json(answer).path("items").size();
	}

	private List<String> groupNames() {
		return json(get("/api/groups")).path("items")
			.valueStream()
			.map((group) -> group.path("name").asString())
			.toList();
	}

	private String export(String group) {
		return text(get("/api/groups/%s/keys/export".formatted(group)).expectStatus()
			.isOk()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_PLAIN)
			.expectHeader()
			.doesNotExist(HttpHeaders.ETAG));
	}

	private WebTestClient.ResponseSpec upload(String group, String lines) {
		return this.client.post()
			.uri("/api/groups/%s/keys/import".formatted(group))
			.contentType(MediaType.TEXT_PLAIN)
			.bodyValue(lines)
			.exchange();
	}

	private void createGroup(String name, ScriptedUpstream upstream, String more) {
		post("/api/groups", "{\"name\": \"%s\", \"provider\": \"openai\", \"upstreams\": [{\"url\": \"%s\"}], %s}"
			.formatted(name, upstream.url(), more)).expectStatus().isCreated();
	}

	private long leftPieces() {
		return this.jdbc.sql("select count(*) from keymux_key_import").query(Long.class).single();
	}

}
