package io.keymux.gateway.management;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import io.keymux.gateway.group.Group;
import io.keymux.gateway.group.GroupStore;
import io.keymux.gateway.key.KeyState;
import io.keymux.gateway.key.KeyStatus;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;

/** What the management API promises, whatever the database. */
abstract class ManagementApiContract extends ManagementContract {

	@Test
	void showsAGroupAsItWasAdded() {
		post("/api/groups", FULL_GROUP).expectStatus()
			.isCreated()
			.expectHeader()
			.location("/api/groups/chat")
			.expectHeader()
			.valueEquals(HttpHeaders.ETAG, "\"1\"");
		get("/api/groups/chat").expectStatus().isOk().expectBody().json(FULL_GROUP).jsonPath("$.id").doesNotExist();
		get("/api/groups").expectBody()
			.jsonPath("$.total")
			.isEqualTo(1)
			.jsonPath("$.page")
			.isEqualTo(0)
			.jsonPath("$.size")
			.isEqualTo(50)
			.jsonPath("$.items[0].headerRules[0].action")
			.isEqualTo("set");
	}

	@Test
	void givesTheSnapshotEveryPartOfAGroup() {
		long before = this.groupStore.readAll().revision();
		post("/api/groups", FULL_GROUP).expectStatus().isCreated();
		GroupStore.StoredGroups stored = this.groupStore.readAll();
		assertThat(stored.revision()).isGreaterThan(before);
		Group group = stored.groups().getFirst();
		assertThat(group.upstreams()).containsExactly(new Group.UpstreamUrl("https://one.example/base", 3),
				new Group.UpstreamUrl("http://two.example:8080", 0));
		assertThat(group.settings()).isEqualTo(Map.of("max-attempts", "2"));
		assertThat(group.headerRules()).containsExactly(
				new Group.HeaderRule(Group.HeaderRule.Action.SET, "X-Client", "${CLIENT_IP}"),
				new Group.HeaderRule(Group.HeaderRule.Action.REMOVE, "OpenAI-Organization", null));
		assertThat(group.modelAliases()).isEqualTo(Map.of("best", "gpt-5"));
		assertThat(group.probe()).isEqualTo(new Group.Probe("gpt-5-nano", "/v1/models"));
		assertThat(group.strictModels()).isTrue();
	}

	@Test
	void fillsInDefaults() {
		createGroup("small");
		get("/api/groups/small").expectBody().json("""
				{"enabled": true, "upstreams": [{"url": "https://api.example", "weight": 1}], "settings": {},
				 "headerRules": [], "bodyOverrides": {}, "modelAliases": {}, "strictModels": false, "members": []}""");
	}

	@Test
	void refusesAGroupThatExists() {
		createGroup("twice");
		expectProblem(post("/api/groups", group("twice")), 409).jsonPath("$.detail")
			.isEqualTo("Group 'twice' exists already.");
	}

	@Test
	void tellsEveryBrokenRuleAtOnce() {
		expectProblem(
				post("/api/groups",
						"""
								{"name": "Not A Name", "provider": "acme",
								 "upstreams": [{"url": "ftp://x", "weight": -1}, {"url": "https://u:p4ssw0rd@h", "weight": 0}],
								 "settings": {"max-attempts": 0, "record-retention": "1d", "colour": "red"},
								 "headerRules": [{"action": "set", "name": "Ho st", "value": "x"}, {"action": "set", "name": "Host", "value": "x"},
								  {"action": "set", "name": "a", "value": "b\\r\\nc"}, {"action": "set", "name": "a", "value": "${SECRET}"}],
								 "modelAliases": {"a": ""}, "probe": {"path": "v1"}}"""),
				400)
			.jsonPath("$.errors[*].field")
			.value((Object fields) -> assertThat((List<?>) fields)
				.asInstanceOf(InstanceOfAssertFactories.list(String.class))
				.contains("name", "provider", "upstreams[0].url", "upstreams[0].weight", "upstreams[1].url",
						"upstreams", "settings.max-attempts", "settings.record-retention", "settings.colour",
						"headerRules[0].name", "headerRules[1].name", "headerRules[2].value", "headerRules[3].value",
						"modelAliases.a", "probe.path"))
			.jsonPath("$.errors[?(@.field == 'provider')].message")
			.isEqualTo("'acme' (expected: one of openai, anthropic, gemini)");
	}

	@Test
	void refusesFieldsItDoesNotKnow() {
		expectProblem(post("/api/groups", """
				{"name": "x", "provider": "openai", "upstreams": [{"url": "https://h", "wieght": 1}]}"""), 400)
			.jsonPath("$.errors[0].field")
			.isEqualTo("upstreams[0].wieght");
	}

	@Test
	void namesTheFieldOfAWrongType() {
		expectProblem(post("/api/groups", """
				{"name": "x", "provider": "openai", "upstreams": [{"url": "https://h", "weight": "heavy"}]}"""), 400)
			.jsonPath("$.errors[0].field")
			.isEqualTo("upstreams[0].weight");
		expectProblem(post("/api/groups", "{\"name\": \"x\", \"upstreams\": [null]}"), 400)
			.jsonPath("$.errors[1].field")
			.isEqualTo("upstreams[0]");
		expectProblem(post("/api/groups", "[1]"), 400);
		expectProblem(post("/api/groups", ""), 400);
		expectProblem(get("/api/groups?page=one"), 400).jsonPath("$.errors[0].field").isEqualTo("page");
		expectProblem(get("/api/groups?size=5000"), 400).jsonPath("$.errors[0].field").isEqualTo("size");
	}

	@Test
	void mergesAPatchAndReplacesWithAPut() {
		post("/api/groups", FULL_GROUP);
		patch("/api/groups/chat", """
				{"description": null, "settings": {"max-attempts": null, "cooldown": "5s"}, "strictModels": false}""")
			.expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals(HttpHeaders.ETAG, "\"2\"")
			.expectBody()
			.jsonPath("$.description")
			.isEmpty()
			.jsonPath("$.settings['max-attempts']")
			.doesNotExist()
			.jsonPath("$.settings.cooldown")
			.isEqualTo("5s")
			.jsonPath("$.upstreams.length()")
			.isEqualTo(2);
		send(HttpMethod.PUT, "/api/groups/chat", """
				{"provider": "openai", "upstreams": [{"url": "https://three.example"}]}""").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.upstreams.length()")
			.isEqualTo(1)
			.jsonPath("$.settings")
			.isEmpty();
		expectProblem(patch("/api/groups/chat", "{\"name\": \"other\"}"), 400).jsonPath("$.errors[0].field")
			.isEqualTo("name");
		expectProblem(patch("/api/groups/nobody", "{}"), 404);
	}

	@Test
	void keepsNumbersOfBodyOverridesAsWritten() {
		post("/api/groups", """
				{"name": "numbers", "provider": "openai", "upstreams": [{"url": "https://h"}],
				 "bodyOverrides": {"temperature": 1.10, "seed": 12345678901234567890, "stop": null}}""").expectStatus()
			.isCreated();
		String body = text(get("/api/groups/numbers"));
		assertThat(body).contains("1.10", "12345678901234567890", "\"stop\":null");
	}

	@Test
	void refusesAStaleVersion() {
		createGroup("versions");
		patch("/api/groups/versions", "{\"enabled\": false}").expectHeader().valueEquals(HttpHeaders.ETAG, "\"2\"");
		expectProblem(this.client.patch()
			.uri("/api/groups/versions")
			.contentType(MediaType.APPLICATION_JSON)
			.header(HttpHeaders.IF_MATCH, "\"1\"")
			.bodyValue("{\"enabled\": true}")
			.exchange(), 409);
		this.client.delete()
			.uri("/api/groups/versions")
			.header(HttpHeaders.IF_MATCH, "\"2\"")
			.exchange()
			.expectStatus()
			.isNoContent();
		expectProblem(get("/api/groups/versions"), 404);
	}

	@Test
	void concurrentPatchesLoseNothing() throws Exception {
		createGroup("busy");
		int writers = 20;
		List<Future<HttpStatusCode>> answers = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < writers; i++) {
				String alias = "{\"modelAliases\": {\"alias-%d\": \"model\"}}".formatted(i);
				answers.add(threads.submit(() -> patchWithVersion("/api/groups/busy", alias)));
			}
		}
		for (Future<HttpStatusCode> answer : answers) {
			assertThat(answer.get().value()).isEqualTo(200);
		}
		get("/api/groups/busy").expectHeader()
			.valueEquals(HttpHeaders.ETAG, "\"" + (writers + 1) + "\"")
			.expectBody()
			.jsonPath("$.modelAliases.length()")
			.isEqualTo(writers);
	}

	@Test
	void concurrentPatchesOfOneProviderKeyLoseNothing() {
		createGroup("busy");
		post("/api/groups/busy/keys", "{\"keys\": [\"sk-busy\"]}");
		String path = "/api/groups/busy/keys/" + keyId("busy", "sk-busy");
		for (int round = 2; round < 12; round++) {
			String note = "{\"note\": \"round %d\"}".formatted(round);
			String weight = "{\"weight\": %d}".formatted(round);
			try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
				threads.execute(() -> patch(path, note).expectStatus().isOk());
				threads.execute(() -> patch(path, weight).expectStatus().isOk());
			}
			JsonNode stored = json(get("/api/groups/busy/keys?key=sk-busy")).path("items").path(0);
			assertThat(stored.path("note").asString()).isEqualTo("round " + round);
			assertThat(stored.path("weight").asInt()).isEqualTo(round);
		}
	}

	@Test
	void concurrentAddsOfOneGroupHaveOneWinner() throws Exception {
		List<Future<Integer>> answers = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < 8; i++) {
				answers.add(threads
					.submit(() -> post("/api/groups", group("race")).returnResult(String.class).getStatus().value()));
			}
		}
		List<Integer> statuses = new ArrayList<>();
		for (Future<Integer> answer : answers) {
			statuses.add(answer.get());
		}
		assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
	}

	@Test
	void aggregatesHaveMembersThatExistAndFit() {
		createGroup("one");
		createGroup("two");
		post("/api/groups", """
				{"name": "claude", "provider": "anthropic", "upstreams": [{"url": "https://h"}]}""");
		post("/api/groups", """
				{"name": "all", "provider": "openai", "members": [{"group": "one", "weight": 2, "priority": 1,
				 "models": ["gpt-*"]}, {"group": "two"}]}""").expectStatus().isCreated();
		get("/api/groups/all").expectBody()
			.jsonPath("$.members[0].models[0]")
			.isEqualTo("gpt-*")
			.jsonPath("$.members[1].weight")
			.isEqualTo(1);
		expectProblem(
				post("/api/groups",
						"""
								{"name": "bad", "provider": "openai", "upstreams": [{"url": "https://h"}],
								 "members": [{"group": "bad"}, {"group": "all"}, {"group": "claude"}, {"group": "nobody"}, {"group": "one"},
								  {"group": "one"}]}"""),
				400)
			.jsonPath("$.errors.length()")
			.isEqualTo(6);
		expectProblem(this.client.delete().uri("/api/groups/one").exchange(), 409).jsonPath("$.detail")
			.isEqualTo("Group 'one' is a member of 'all'.");
		expectProblem(patch("/api/groups/one", "{\"provider\": \"gemini\"}"), 400);
		expectProblem(post("/api/groups/all/keys", "{\"keys\": [\"sk-in-an-aggregate-0000\"]}"), 409);
	}

	@Test
	void keepsKeysOutOfAnAggregate() {
		createGroup("one");
		createGroup("holder");
		post("/api/groups/holder/keys", "{\"keys\": [\"sk-held-by-a-group-00000\"]}");
		expectProblem(patch("/api/groups/holder", "{\"upstreams\": null, \"members\": [{\"group\": \"one\"}]}"), 409)
			.jsonPath("$.detail")
			.isEqualTo("Group 'holder' has 1 keys of its own (expected: none in an aggregate).");
	}

	@Test
	void addsKeysOnceAndShowsThemMasked() {
		createGroup("keys");
		post("/api/groups/keys/keys",
				"{\"keys\": [\"sk-abcdefghijklmnopqrst-wxyz\", \"sk-abcdefghijklmnopqrst-wxyz\", \"short\"]}")
			.expectStatus()
			.isOk()
			.expectBody()
			.json("{\"added\": 2, \"ignored\": 1}");
		post("/api/groups/keys/keys", "{\"keys\": [\"short\"]}").expectBody().json("{\"added\": 0, \"ignored\": 1}");
		get("/api/groups/keys/keys").expectBody()
			.jsonPath("$.total")
			.isEqualTo(2)
			.jsonPath("$.items[0].masked")
			.isEqualTo("sk-a…wxyz")
			.jsonPath("$.items[1].masked")
			.isEqualTo("…")
			.jsonPath("$.items[0].status")
			.isEqualTo("active")
			.jsonPath("$.items[0].secret")
			.doesNotExist();
	}

	@Test
	void tellsKeysApartByCase() {
		createGroup("cases");
		post("/api/groups/cases/keys", "{\"keys\": [\"sk-case-sensitive-0001-a\", \"sk-case-sensitive-0001-A\"]}")
			.expectBody()
			.json("{\"added\": 2, \"ignored\": 0}");
	}

	@Test
	void refusesKeysWithoutRepeatingThem(CapturedOutput output) {
		createGroup("refusing");
		String body = text(post("/api/groups/refusing/keys", "{\"keys\": [\"sk-fine\", \"sk-with blank 123\"]}"));
		assertThat(body).contains("keys[1]").doesNotContain("sk-with", "blank 123");
		assertThat(output.getAll()).doesNotContain("sk-with");
		expectProblem(post("/api/groups/refusing/keys", "{\"keys\": []}"), 400);
		expectProblem(post("/api/groups/nobody/keys", "{\"keys\": [\"x\"]}"), 404);
		get("/api/groups/refusing/keys").expectBody().jsonPath("$.total").isEqualTo(0);
	}

	@Test
	void findsKeysByTextAndByTheVeryKey() {
		createGroup("search");
		post("/api/groups/search/keys",
				"{\"keys\": [\"sk-search-for-me-0000-aaaa\", \"sk-search-for-me-0000-bbbb\", \"sk-100%-for-me-0000-cccc\"]}");
		long id = keyId("search", "sk-search-for-me-0000-bbbb");
		patch("/api/groups/search/keys/" + id, "{\"note\": \"Team Blue 50%\", \"weight\": 3}").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.note")
			.isEqualTo("Team Blue 50%")
			.jsonPath("$.weight")
			.isEqualTo(3);
		assertThat(total("/api/groups/search/keys?text=blue")).isEqualTo(1);
		assertThat(total("/api/groups/search/keys?text={text}", "50%")).isEqualTo(1);
		assertThat(total("/api/groups/search/keys?text={text}", "%")).isEqualTo(1);
		assertThat(total("/api/groups/search/keys?text=AAAA")).isEqualTo(1);
		assertThat(total("/api/groups/search/keys?key=sk-nobody")).isZero();
		assertThat(total("/api/groups/search/keys?page=1&size=2")).isEqualTo(3);
	}

	@Test
	void listsKeysByTheirState() {
		createGroup("states");
		post("/api/groups/states/keys", "{\"keys\": [\"active\", \"cooling\", \"rested\", \"ejected\", \"disabled\"]}");
		Instant later = Instant.now().plus(Duration.ofHours(1));
		Instant earlier = Instant.parse("2020-01-02T03:04:05.678901Z");
		KeyState ejected = new KeyState(new KeyStatus.Ejected(later, 4), 3, "401 invalid", earlier, earlier, 17);
		learn("states",
				Map.of(keyId("states", "cooling"), state(new KeyStatus.Cooling(later)), keyId("states", "rested"),
						state(new KeyStatus.Cooling(earlier)), keyId("states", "ejected"), ejected, 987654321L,
						KeyState.fresh()));
		patch("/api/groups/states/keys/" + keyId("states", "disabled"), "{\"enabled\": false}").expectBody()
			.jsonPath("$.status")
			.isEqualTo("disabled");
		assertThat(total("/api/groups/states/keys?status=active")).isEqualTo(2);
		assertThat(total("/api/groups/states/keys?status=cooling")).isEqualTo(1);
		assertThat(total("/api/groups/states/keys?status=disabled")).isEqualTo(1);
		get("/api/groups/states/keys?status=ejected").expectBody()
			.jsonPath("$.items[0].failures")
			.isEqualTo(3)
			.jsonPath("$.items[0].lastError")
			.isEqualTo("401 invalid")
			.jsonPath("$.items[0].lastErrorAt")
			.isEqualTo("2020-01-02T03:04:05.678901Z")
			.jsonPath("$.items[0].requests")
			.isEqualTo(17);
		expectProblem(get("/api/groups/states/keys?status=sleepy"), 400);
		assertThat(this.keyStore.readAll(groupId("states")).readable())
			.filteredOn((key) -> key.secret().equals("ejected"))
			.first()
			.satisfies((key) -> assertThat(key.state().failures()).isEqualTo(3))
			.satisfies((key) -> assertThat(key.state().lastErrorAt()).isEqualTo(earlier))
			.satisfies((key) -> assertThat(key.state().status()).isInstanceOf(KeyStatus.Ejected.class));
	}

	@Test
	void deletesKeysAloneAndWithTheirGroup() {
		createGroup("deleting");
		post("/api/groups/deleting/keys", "{\"keys\": [\"one\", \"two\"]}");
		long groupId = groupId("deleting");
		long one = keyId("deleting", "one");
		this.client.delete().uri("/api/groups/deleting/keys/" + one).exchange().expectStatus().isNoContent();
		expectProblem(this.client.delete().uri("/api/groups/deleting/keys/" + one).exchange(), 404);
		assertThat(this.keyStore.readAll(groupId).readable()).hasSize(1);
		this.client.delete().uri("/api/groups/deleting").exchange().expectStatus().isNoContent();
		assertThat(this.keyStore.readAll(groupId).readable()).isEmpty();
	}

	@Test
	void storesSecretsEncrypted() {
		createGroup("sealed");
		post("/api/groups/sealed/keys", "{\"keys\": [\"sk-never-in-plain-text-0001\"]}");
		long groupId = groupId("sealed");
		assertThat(this.keyStore.readAll(groupId).readable().getFirst().secret())
			.isEqualTo("sk-never-in-plain-text-0001");
		assertThat(this.jdbc.sql("select secret from keymux_provider_key where group_id = ?")
			.param(groupId)
			.query(String.class)
			.single()).startsWith("tink:").doesNotContain("sk-never");
	}

	@Test
	void addsAHundredThousandKeysAtOnce() {
		createGroup("bulk");
		String keys = String.join("\",\"",
				IntStream.range(0, 100_000).mapToObj((i) -> "sk-bulk-%032d".formatted(i)).toList());
		Instant start = Instant.now();
		post("/api/groups/bulk/keys", "{\"keys\":[\"" + keys + "\"]}").expectBody()
			.json("{\"added\": 100000, \"ignored\": 0}");
		Duration took = Duration.between(start, Instant.now());
		System.out.println("100,000 keys in " + took);

		assertThat(total("/api/groups/bulk/keys?status=active")).isEqualTo(100_000);
		assertThat(total("/api/groups/bulk/keys?key=sk-bulk-" + "0".repeat(31) + "7")).isEqualTo(1);
		assertThat(this.keyStore.readAll(groupId("bulk")).readable()).hasSize(100_000);
	}

	@Test
	void letsACallerInAsSoonAsItsKeyIsIssued() {
		JsonNode issued = json(post("/api/access-keys", """
				{"name": "web", "models": ["gpt-*"], "expiresAt": "2099-01-02T03:04:05Z",
				 "limits": {"requestsPerMinute": 60}, "quota": {"cost": 12.50, "per": "month"}}"""));
		String secret = issued.path("key").asString();
		assertThat(secret).startsWith("kmx-").hasSizeGreaterThan(40);
		assertThat(this.callers.find(secret)).isNotNull()
			.satisfies((caller) -> assertThat(caller.name()).isEqualTo("web"))
			.satisfies((caller) -> assertThat(caller.models().allow("gpt-5")).isTrue())
			.satisfies((caller) -> assertThat(caller.models().allow("o3")).isFalse());
		String path = "/api/access-keys/" + issued.path("id").asLong();
		get(path).expectBody()
			.jsonPath("$.key")
			.doesNotExist()
			.jsonPath("$.expiresAt")
			.isEqualTo("2099-01-02T03:04:05Z")
			.jsonPath("$.limits.requestsPerMinute")
			.isEqualTo(60)
			.jsonPath("$.quota.per")
			.isEqualTo("month")
			.jsonPath("$.quota.cost")
			.isEqualTo(12.5)
			.jsonPath("$.groups")
			.isEmpty();
		patch(path, "{\"enabled\": false, \"quota\": null}").expectStatus().isOk();
		assertThat(this.callers.find(secret)).isNotNull().satisfies((caller) -> assertThat(caller.enabled()).isFalse());
		String rotated = json(post(path + "/rotate", "{}")).path("key").asString();
		assertThat(this.callers.find(secret)).isNull();
		assertThat(this.callers.find(rotated)).isNotNull();
		this.client.delete().uri(path).exchange().expectStatus().isNoContent();
		assertThat(this.callers.find(rotated)).isNull();
		expectProblem(get(path), 404);
	}

	@Test
	void takesOverAKeyThatCallersUseAlready() {
		createGroup("chat");
		post("/api/access-keys", "{\"name\": \"old\", \"key\": \"sk-legacy-proxy-key-1\", \"groups\": [\"chat\"]}")
			.expectStatus()
			.isCreated()
			.expectBody()
			.jsonPath("$.masked")
			.isEqualTo("sk-l…ey-1");
		assertThat(this.callers.find("sk-legacy-proxy-key-1")).isNotNull()
			.satisfies((caller) -> assertThat(caller.groups()).containsExactly("chat"));
		expectProblem(post("/api/access-keys", "{\"name\": \"new\", \"key\": \"sk-legacy-proxy-key-1\"}"), 409)
			.jsonPath("$.detail")
			.isEqualTo("This key is the secret of access key 'old'.");
		expectProblem(post("/api/access-keys", "{\"name\": \"old\"}"), 409);
		expectProblem(post("/api/access-keys", "{\"name\": \"short\", \"key\": \"tooshort\"}"), 400)
			.jsonPath("$.errors[0].field")
			.isEqualTo("key");
		expectProblem(post("/api/access-keys", "{\"name\": \"x\", \"groups\": [\"nobody\"]}"), 400)
			.jsonPath("$.errors[0].field")
			.isEqualTo("groups[0]");
		expectProblem(post("/api/access-keys", "{\"name\": \"x\", \"quota\": {\"tokens\": 1, \"per\": \"year\"}}"), 400)
			.jsonPath("$.errors[0].field")
			.isEqualTo("quota.per");
	}

	@Test
	void blocksOnVirtualThreadsOnly() {
		this.noticeThreads.clear();
		createGroup("threads");
		assertThat(this.noticeThreads.threads()).isNotEmpty().allMatch(Thread::isVirtual);
	}

	@Test
	void opensToTheAdminKeyAlone() {
		String secret = json(post("/api/access-keys", "{\"name\": \"nosy\"}")).path("key").asString();
		for (String credential : List.of("Bearer " + secret, "Bearer wrong", "Basic YTpi", "Bearer ", "")) {
			for (String path : List.of("/api/groups", "/api/nothing", "/v3/api-docs", "/%61pi/groups")) {
				expectProblem(
						this.client.get().uri(URI.create("http://localhost:" + this.port + path)).headers((headers) -> {
							headers.set(HttpHeaders.AUTHORIZATION, credential);
						}).exchange().expectHeader().valueMatches(HttpHeaders.WWW_AUTHENTICATE, "Bearer.*"), 401);
			}
		}
	}

	@Test
	void leavesTheProxyToItsOwnRules() {
		URI encoded = URI.create("http://localhost:" + this.port + "/proxy/nobody/a%2Fb//c;d/%2e%2e?x=%00");
		this.client.get()
			.uri(encoded)
			.headers((headers) -> headers.set(HttpHeaders.AUTHORIZATION, "Bearer nobodys-access-key"))
			.exchange()
			.expectStatus()
			.isUnauthorized()
			.expectHeader()
			.doesNotExist("X-Frame-Options")
			.expectHeader()
			.doesNotExist(HttpHeaders.WWW_AUTHENTICATE)
			.expectBody(String.class)
			.value((body) -> assertThat(body).contains("invalid_access_key"));
		expectProblem(
				this.client.get().uri(URI.create("http://localhost:" + this.port + "/api/groups/a%2Fb")).exchange(),
				400);
	}

	@Test
	void wordsEveryRefusalAsAProblem() {
		expectProblem(get("/api/nothing"), 404).jsonPath("$.detail").isEqualTo("There is nothing at '/api/nothing'.");
		expectProblem(
				this.client.post().uri("/api/groups").contentType(MediaType.TEXT_PLAIN).bodyValue("name=x").exchange(),
				415);
		String malformed = text(post("/api/groups", "{\"name\": "));
		assertThat(malformed).contains("no valid JSON").doesNotContain("jackson", "java", "Exception");
		expectProblem(send(HttpMethod.PUT, "/api/groups", "{}"), 405);
		expectProblem(get("/api/groups/chat/keys/abc"), 405);
		expectProblem(this.client.delete().uri("/api/access-keys/abc").exchange(), 400);
	}

	@Test
	void describesItselfAsOpenApi() {
		get("/v3/api-docs").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.paths['/api/groups'].post.responses['201']")
			.exists()
			.jsonPath("$.paths['/api/groups'].post.responses['409'].content['application/problem+json']")
			.exists()
			.jsonPath("$.paths['/api/groups/{name}'].patch.requestBody")
			.exists()
			.jsonPath("$.paths['/api/groups/{group}/keys'].get.parameters[?(@.name == 'status')]")
			.exists()
			.jsonPath("$.paths['/api/access-keys/{id}/rotate'].post.responses['404']")
			.exists()
			.jsonPath("$.components.schemas.HeaderRuleBody.properties.action.enum")
			.isEqualTo(Arrays.asList("set", "remove", null))
			.jsonPath("$.components.securitySchemes.bearer.scheme")
			.isEqualTo("bearer")
			.jsonPath("$.paths['/api/groups'].post.security[0].bearer")
			.exists();
	}

	private HttpStatusCode patchWithVersion(String path, String patch) {
		while (true) {
			String version = get(path).returnResult(String.class).getResponseHeaders().getETag();
			HttpStatusCode status = this.client.patch()
				.uri(path)
				.contentType(MediaType.APPLICATION_JSON)
				.header(HttpHeaders.IF_MATCH, String.valueOf(version))
				.bodyValue(patch)
				.exchange()
				.returnResult(String.class)
				.getStatus();
			if (status.value() != 409) {
				return status;
			}
		}
	}

}
