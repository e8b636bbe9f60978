package io.keymux.gateway.management;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.RedisProcess;
import io.keymux.gateway.testkit.ScriptedStream;
import io.keymux.gateway.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Limits of three gateways that count in a real Redis. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterLimitTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private static final String CHAT = "{\"model\":\"m\",\"max_tokens\":100,\"messages\":[]}";

	private static final String STREAM = "{\"model\":\"m\",\"stream\":true,\"max_tokens\":100,\"messages\":[]}";

	private static final int USED = 60;

	private final RedisProcess redis = RedisProcess.start();

	private final ScriptedUpstream upstream = ScriptedUpstream.start();

	private final List<JsonNode> posted = new CopyOnWriteArrayList<>();

	private final ScriptedUpstream webhook = ScriptedUpstream.start().answer((request) -> {
		this.posted.add(JsonMapper.shared().readTree(request.text()));
		return Answer.json(200, "{}");
	});

	private final List<TestNode> nodes = new ArrayList<>();

	private final AtomicInteger callers = new AtomicInteger();

	@BeforeAll
	void start() {
		this.upstream.answer((request) -> request.text().contains("\"stream\":true") ? Answer.events(
				"data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}",
				"data: {\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":50}}",
				"data: [DONE]")
				: Answer.json(200,
						"{\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":50}}"));
		String database = "jdbc:h2:mem:limits_%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;LOCK_TIMEOUT=10000;DB_CLOSE_DELAY=-1"
			.formatted(UUID.randomUUID().toString().replace("-", ""));
		for (int i = 0; i < 3; i++) {
			this.nodes.add(TestNode.start(database, Map.of("KEYMUX_REDIS_URL", this.redis.url(), "KEYMUX_ALERT_WEBHOOK",
					this.webhook.url() + "/alerts")));
		}
		first().manage("POST", "/api/groups",
				"{\"name\":\"limited\",\"provider\":\"openai\",\"upstreams\":[{\"url\":\"%s\"}]}"
					.formatted(this.upstream.url()));
		first().manage("POST", "/api/groups/limited/keys", "{\"keys\":[\"sk-of-the-limited-group\"]}");
		onEachNode("the group", (node) -> node.chat("limited").statusCode() == 200);
	}

	@AfterAll
	void stop() {
		this.nodes.forEach(TestNode::close);
		this.upstream.close();
		this.webhook.close();
		this.redis.close();
	}

	@Test
	void letsThroughExactlyTheLimit() {
		String caller = caller("\"limits\":{\"requestsPerMinute\":100}");
		assertThat(passed(1000, caller, CHAT)).isEqualTo(100);
	}

	@Test
	void aQuotaOverrunsByOneRequestAtMost() {
		int quota = 5000;
		String caller = caller("\"quota\":{\"tokens\":%d,\"per\":\"day\"}".formatted(quota));
		int used = passed(200, caller, STREAM) * USED;
		assertThat(used).isPositive().isLessThanOrEqualTo(quota + USED);
		AtomicInteger total = new AtomicInteger(used);
		Await.until("the end of the quota", LONG, () -> {
			int passed = passed(20, caller, STREAM);
			total.addAndGet(passed * USED);
			return passed == 0 && total.get() >= quota;
		});
		assertThat(total.get()).isBetween(quota, quota + USED);
		assertThat(alerts(caller)).containsExactly(80, 100);
	}

	@Test
	void eachProviderKeyServesExactlyItsLimit() {
		try (ScriptedUpstream provider = ScriptedUpstream.start().answer((_) -> Answer.json(200, "{}"))) {
			String group = groupOfLimitedKeys(provider, "{\"requestsPerMinute\":20}", "0s");
			assertThat(count(ask(group, 300), 200)).isEqualTo(60);
			assertThat(provider.keys()
				.stream()
				.collect(Collectors.groupingBy(String::toString, Collectors.counting()))
				.values()).containsExactly(20L, 20L, 20L);
		}
	}

	@Test
	void requestsOfAllNodesWaitForTheKeysTheyShare() {
		try (ScriptedUpstream provider = ScriptedUpstream.start()) {
			List<ScriptedStream> running = Stream.generate(ScriptedStream::events).limit(6).toList();
			running.forEach(provider::enqueue);
			provider.answer((_) -> Answer.json(200, "{}"));
			String group = groupOfLimitedKeys(provider, "{\"concurrency\":2}", "1m");
			List<Future<Integer>> answers;
			try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
				answers = submit(all, group, 30);
				Await.until("24 that wait", LONG,
						() -> this.nodes.stream().mapToDouble((node) -> node.metric("keymux_key_queue")).sum() == 24);
				assertThat(provider.keys()
					.stream()
					.collect(Collectors.groupingBy(String::toString, Collectors.counting()))
					.values()).containsExactly(2L, 2L, 2L);
				running.forEach(ScriptedStream::end);
			}
			assertThat(count(answers, 200)).isEqualTo(30);
		}
	}

	private String groupOfLimitedKeys(ScriptedUpstream provider, String limits, String queueTimeout) {
		String group = "keys-limited-" + this.callers.incrementAndGet();
		first().manage("POST", "/api/groups", """
				{"name":"%s","provider":"openai","upstreams":[{"url":"%s"}],"limits":{"eachKey":%s},
				 "settings":{"queue-timeout":"%s"}}""".formatted(group, provider.url(), limits, queueTimeout));
		first().manage("POST", "/api/groups/%s/keys".formatted(group),
				"{\"keys\":[\"sk-limited-one\",\"sk-limited-two\",\"sk-limited-three\"]}");
		onEachNode("the keys of " + group,
				(node) -> node.metric("keymux_key_pool{group=\"%s\",state=\"active\"}".formatted(group)) == 3);
		return group;
	}

	private List<Future<Integer>> ask(String group, int requests) {
		try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
			return submit(all, group, requests);
		}
	}

	private List<Future<Integer>> submit(ExecutorService all, String group, int requests) {
		return IntStream.range(0, requests)
			.mapToObj((i) -> all.submit(() -> this.nodes.get(i % this.nodes.size()).chat(group).statusCode()))
			.toList();
	}

	private static long count(List<Future<Integer>> answers, int status) {
		return answers.stream().filter((answer) -> Await.on(answer) == status).count();
	}

	/** The alerts that were posted of a caller's quota. */
	private List<Integer> alerts(String secret) {
		Await.until("two alerts", () -> posted(secret).size() >= 2);
		return posted(secret).stream().map((alert) -> alert.get("percent").asInt()).sorted().toList();
	}

	private List<JsonNode> posted(String secret) {
		return this.posted.stream().filter((alert) -> alert.get("name").asString().equals(name(secret))).toList();
	}

	private static String name(String secret) {
		return "limited-" + secret.substring(secret.lastIndexOf('-') + 1);
	}

	@Test
	void whatIsNotUsedIsGivenBackOnEveryNode() {
		String caller = caller("\"limits\":{\"concurrency\":3,\"tokensPerMinute\":100000}");
		for (int i = 0; i < 5; i++) {
			Await.until("room for three", () -> passed(1, caller, STREAM) == 1);
		}
		Await.until("what was not used", () -> {
			HttpResponse<String> answer = this.nodes.get(1).chat("limited", caller, CHAT);
			return answer.statusCode() == 200
					&& answer.headers().firstValueAsLong("x-ratelimit-remaining-tokens").orElse(0) > 99_000;
		});
	}

	@Test
	void withoutRedisEachNodeLetsThroughItsShare() {
		onEachNode("three nodes", (node) -> node.metric("keymux_cluster_nodes") == 3);
		String before = caller("\"limits\":{\"requestsPerMinute\":90}");
		String after = caller("\"limits\":{\"requestsPerMinute\":50}");
		this.redis.close();
		try {
			for (TestNode node : this.nodes) {
				assertThat(passed(60, before, CHAT, List.of(node))).isEqualTo(30);
				assertThat(node.metric("keymux_limit_degraded")).isEqualTo(1);
				assertThat(node.health().body()).contains("Redis does not answer");
			}
		}
		finally {
			this.redis.restart();
		}
		onEachNode("Redis", (node) -> node.metric("keymux_limit_degraded") == 0);
		assertThat(passed(200, after, CHAT)).isEqualTo(50);
	}

	@Test
	void whatWasUsedWithoutRedisCountsAfterwards() {
		String caller = caller("\"quota\":{\"tokens\":1000000,\"per\":\"day\"}");
		assertThat(passed(3, caller, CHAT)).isEqualTo(3);
		this.redis.pause();
		try {
			assertThat(passed(3, caller, CHAT)).isEqualTo(3);
		}
		finally {
			this.redis.resume();
		}
		onEachNode("Redis", (node) -> node.metric("keymux_limit_degraded") == 0);
		Await.until("all that was used", LONG,
				() -> first().manage("GET", "/api/access-keys/" + id(caller), "")
					.at("/consumption/quota/tokens")
					.asLong() == 6 * USED);
	}

	private TestNode first() {
		return this.nodes.getFirst();
	}

	/** An access key that every node knows. */
	private String caller(String fields) {
		int number = this.callers.incrementAndGet();
		String secret = "km-caller-of-the-cluster-" + number;
		first().manage("POST", "/api/access-keys",
				"{\"name\":\"limited-%d\",\"key\":\"%s\",%s}".formatted(number, secret, fields));
		onEachNode("the access key", (node) -> node.ask("GET", "/api/nodes", "").statusCode() == 200
				&& node.chat("missing", secret, CHAT).statusCode() == 404);
		return secret;
	}

	private long id(String secret) {
		return first().manage("GET", "/api/access-keys", "")
			.get("items")
			.valueStream()
			.filter((key) -> key.get("name").asString().equals(name(secret)))
			.findFirst()
			.orElseThrow()
			.get("id")
			.asLong();
	}

	private int passed(int requests, String caller, String json) {
		return passed(requests, caller, json, this.nodes);
	}

	/**
	 * Sends requests to nodes in turn, all at once; answers how many were let through.
	 */
	private static int passed(int requests, String caller, String json, List<TestNode> nodes) {
		List<Future<Integer>> answers = new ArrayList<>();
		try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < requests; i++) {
				TestNode node = nodes.get(i % nodes.size());
				answers.add(all.submit(() -> node.chat("limited", caller, json).statusCode()));
			}
		}
		List<Integer> statuses = answers.stream().map(Await::on).toList();
		assertThat(statuses).allMatch((status) -> status == 200 || status == 429);
		return (int) statuses.stream().filter((status) -> status == 200).count();
	}

	private void onEachNode(String what, java.util.function.Predicate<TestNode> condition) {
		for (TestNode node : this.nodes) {
			Await.until(what, LONG, () -> condition.test(node));
		}
	}

}
