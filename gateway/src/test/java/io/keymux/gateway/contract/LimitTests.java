package io.keymux.gateway.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.Gateway;
import io.keymux.gateway.testkit.GroupSpec;
import io.keymux.gateway.testkit.RawCaller.Response;
import io.keymux.gateway.testkit.RawCaller;
import io.keymux.gateway.testkit.ScriptedStream;
import io.keymux.gateway.testkit.ScriptedUpstream;
import io.keymux.gateway.testkit.TestGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What callers meet who have limits, on one node. */
class LimitTests {

	private static final AtomicInteger keys = new AtomicInteger();

	/** Uses 29 tokens. */
	private static final String ANSWER = """
			{"model":"m","choices":[],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29}}""";

	private static final String SHORT = "{\"model\":\"m\",\"max_tokens\":10,\"messages\":[]}";

	private static final String LONG = "{\"model\":\"m\",\"max_tokens\":1000,\"messages\":[]}";

	private static final String STREAMING = "{\"model\":\"m\",\"stream\":true,\"messages\":[]}";

	private final Gateway gateway = Gateway.running();

	private final ScriptedUpstream upstream = ScriptedUpstream.start().answer((_) -> Answer.json(200, ANSWER));

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void aCallerMayAskSoOftenInAMinute() throws IOException {
		TestGroup group = spec().create();
		Caller caller = caller(Map.of("limits", Map.of("requestsPerMinute", 2)));
		Response first = caller.chat(group, SHORT);
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.head().headers("x-ratelimit-limit-requests")).containsExactly("2");
		assertThat(first.head().headers("x-ratelimit-remaining-requests")).containsExactly("1");
		assertThat(first.head().headers("x-ratelimit-reset-requests").getFirst()).matches("(59|60)s");
		assertThat(first.head().headers("x-ratelimit-limit-tokens")).isEmpty();
		assertThat(caller.chat(group, SHORT).head().headers("x-ratelimit-remaining-requests")).containsExactly("0");
		Response third = caller.chat(group, SHORT);
		assertRefused(third, "rate_limit_exceeded", "The access key is limited to 2 requests a minute.");
		assertThat(third.head().headers("x-ratelimit-remaining-requests")).containsExactly("0");
		assertThat(Integer.parseInt(third.head().headers("Retry-After").getFirst())).isBetween(50, 60);
		assertThat(this.upstream.requests()).hasSize(2);
	}

	@ParameterizedTest
	@CsvSource({ "openai, /v1/chat/completions, /error/code, rate_limit_exceeded",
			"anthropic, /v1/messages, /error/type, rate_limit_error",
			"gemini, /v1beta/models/m:generateContent, /error/status, RESOURCE_EXHAUSTED" })
	void aRefusalIsTheProvidersOwn(String provider, String path, String pointer, String expected) throws IOException {
		TestGroup group = this.gateway.group(provider).upstream(this.upstream.url()).keys("k-1").create();
		Caller caller = caller(Map.of("limits", Map.of("requestsPerMinute", 1)));
		caller.post(group, path, SHORT);
		Response refused = caller.post(group, path, SHORT);
		assertThat(refused.status()).isEqualTo(429);
		assertThat(JsonMapper.shared().readTree(refused.body()).at(pointer).asString()).isEqualTo(expected);
	}

	@Test
	void limitsOfProviderKeysAreNotTheCallers() throws IOException {
		this.upstream.answer((_) -> Answer.json(200, ANSWER)
			.header("x-ratelimit-limit-requests", "5000")
			.header("X-RateLimit-Remaining-Tokens", "17")
			.header("anthropic-ratelimit-requests-limit", "50")
			.header("x-other", "kept"));
		TestGroup group = spec().create();
		Response free = group.chat();
		assertThat(free.head().headers())
			.noneMatch((header) -> header.name().toLowerCase(Locale.ROOT).contains("ratelimit"));
		assertThat(free.head().headers("x-other")).containsExactly("kept");
		Response limited = caller(Map.of("limits", Map.of("requestsPerMinute", 7))).chat(group, SHORT);
		assertThat(limited.head().headers("x-ratelimit-limit-requests")).containsExactly("7");
		assertThat(limited.head().headers("x-ratelimit-remaining-tokens")).isEmpty();
	}

	@Test
	void aCallerMayAskSoMuchAtOnce() throws IOException {
		ScriptedStream stream = ScriptedStream.events();
		this.upstream.enqueue(stream);
		TestGroup group = spec().create();
		Caller caller = caller(Map.of("limits", Map.of("concurrency", 1)));
		try (RawCaller first = caller.send(group, "/v1/chat/completions", STREAMING)) {
			stream.request();
			Response second = caller.chat(group, SHORT);
			assertRefused(second, "concurrency_limit_exceeded", "The access key is limited to 1 requests at once.");
			assertThat(second.head().headers("Retry-After")).isNotEmpty();
			stream.send("data: [DONE]\n\n").end();
			first.readResponse();
		}
		Await.until("room", () -> caller.chat(group, SHORT).status() == 200);
	}

	@Test
	void whoeverLeavesMakesRoom() throws IOException {
		ScriptedStream stream = ScriptedStream.events().send("data: {}\n\n");
		this.upstream.enqueue(stream);
		TestGroup group = spec().create();
		Caller caller = caller(Map.of("limits", Map.of("concurrency", 1)));
		try (RawCaller first = caller.send(group, "/v1/chat/completions", STREAMING)) {
			first.readHead();
			assertThat(caller.chat(group, SHORT).status()).isEqualTo(429);
		}
		Await.until("room", () -> caller.chat(group, SHORT).status() == 200);
		stream.end();
	}

	@Test
	void tokensThatWereExpectedAndNotUsedAreGivenBack() throws IOException {
		TestGroup group = spec().create();
		Caller caller = caller(Map.of("limits", Map.of("tokensPerMinute", 1500)));
		Response first = caller.chat(group, LONG);
		assertThat(remaining(first, "tokens")).isBetween(400, 499);
		Await.until("what was not used", () -> remaining(caller.chat(group, SHORT), "tokens") > 1300);
		assertThat(caller.chat(group, LONG).status()).isEqualTo(200);
	}

	@Test
	void whatAProviderRefusedUsesNoTokens() throws IOException {
		TestGroup group = spec().create();
		Caller caller = caller(Map.of("limits", Map.of("tokensPerMinute", 1500, "requestsPerMinute", 100)));
		this.upstream.enqueue(Answer.json(400, "{\"error\":{\"message\":\"no\"}}"));
		Response refused = caller.chat(group, LONG);
		assertThat(refused.status()).isEqualTo(400);
		assertThat(remaining(refused, "requests")).isEqualTo(99);
		Await.until("what was not used", () -> remaining(caller.chat(group, SHORT), "tokens") > 1300);
	}

	@Test
	void whatReachesNoProviderIsNoRequest() throws IOException {
		TestGroup empty = this.gateway.group("openai").upstream(this.upstream.url()).create();
		TestGroup group = spec().create();
		Caller caller = caller(Map.of("limits", Map.of("requestsPerMinute", 3)));
		assertThat(caller.chat(empty, SHORT).status()).isEqualTo(503);
		Await.until("the request", () -> remaining(caller.chat(group, SHORT), "requests") == 2);
	}

	@Test
	void aQuotaOfTokensEnds() throws IOException {
		TestGroup group = spec().create();
		Caller caller = caller(Map.of("quota", Map.of("tokens", 50, "per", "day")));
		assertThat(caller.chat(group, SHORT).status()).isEqualTo(200);
		Await.until("the end of the quota", () -> caller.chat(group, SHORT).status() == 429);
		Response refused = caller.chat(group, SHORT);
		assertRefused(refused, "quota_exceeded", "The access key has a quota of 50 tokens until ");
		assertThat(Integer.parseInt(refused.head().headers("Retry-After").getFirst())).isBetween(1, 86400);
		assertThat(this.upstream.requests()).hasSize(2);
	}

	@Test
	void aQuotaOfMoneyEnds() throws IOException {
		TestGroup group = spec().create();
		this.upstream.answer((_) -> Answer.json(200,
				"{\"model\":\"gpt-4.1\",\"usage\":{\"prompt_tokens\":1000000,\"completion_tokens\":10}}"));
		Caller caller = caller(Map.of("quota", Map.of("cost", 1.5, "per", "month")));
		String body = SHORT.replace("\"m\"", "\"gpt-4.1\"");
		assertThat(caller.chat(group, body).status()).isEqualTo(200);
		Await.until("the end of the quota", () -> caller.chat(group, body).status() == 429);
		assertRefused(caller.chat(group, body), "quota_exceeded", "The access key has a quota of $1.5 until ");
	}

	@Test
	void alertsAreCounted() throws IOException {
		TestGroup group = spec().create();
		double before = alerts("80");
		double full = alerts("100");
		Caller caller = caller(Map.of("quota", Map.of("tokens", 58, "per", "day")));
		caller.chat(group, SHORT);
		caller.chat(group, SHORT);
		Await.until("both alerts", () -> alerts("80") >= before + 1 && alerts("100") >= full + 1);
	}

	@Test
	void aGroupMayBeAskedSoOftenByAll() throws IOException {
		TestGroup group = spec().limits(Map.of("requestsPerMinute", 2)).create();
		assertThat(caller(Map.of()).chat(group, SHORT).status()).isEqualTo(200);
		assertThat(caller(Map.of()).chat(group, SHORT).status()).isEqualTo(200);
		assertRefused(caller(Map.of()).chat(group, SHORT), "rate_limit_exceeded",
				"The group '%s' is limited to 2 requests a minute.".formatted(group.name()));
		assertThat(spec().create().chat().status()).isEqualTo(200);
	}

	@Test
	void aModelOfAGroupMayBeAskedSoOften() throws IOException {
		TestGroup group = spec().limits(Map.of("models", List.of(Map.of("model", "gpt-4o*", "requestsPerMinute", 1))))
			.create();
		assertThat(group.chat("gpt-4o-mini").status()).isEqualTo(200);
		assertRefused(group.chat("gpt-4o"), "rate_limit_exceeded",
				"The model 'gpt-4o*' is limited to 1 requests a minute.");
		assertThat(group.chat("gpt-5").status()).isEqualTo(200);
	}

	@Test
	void aChangedLimitHoldsAtOnce() throws IOException {
		TestGroup group = spec().create();
		Caller caller = caller(Map.of());
		assertThat(caller.chat(group, SHORT).head().headers("x-ratelimit-limit-requests")).isEmpty();
		caller.change(Map.of("limits", Map.of("requestsPerMinute", 1)));
		assertThat(caller.chat(group, SHORT).status()).isEqualTo(200);
		assertThat(caller.chat(group, SHORT).status()).isEqualTo(429);
		caller.change(Map.of("limits", Map.of("requestsPerMinute", 5)));
		assertThat(remaining(caller.chat(group, SHORT), "requests")).isEqualTo(3);
	}

	@Test
	void refusalsAreMeasured() throws IOException {
		String series = "keymux_limit_rejections_total{kind=\"requests-per-minute\",of=\"access-key\"}";
		double before = series(series);
		TestGroup group = spec().create();
		Caller caller = caller(Map.of("limits", Map.of("requestsPerMinute", 1)));
		caller.chat(group, SHORT);
		caller.chat(group, SHORT);
		assertThat(series(series)).isEqualTo(before + 1);
	}

	@Test
	void aSaturatedProxyLeavesTheRestAlone() throws IOException {
		ScriptedStream stream = ScriptedStream.events();
		this.upstream.enqueue(stream);
		TestGroup group = spec().create();
		this.gateway.manage("PATCH", "/api/settings", Map.of("max-in-flight", "1"));
		try (RawCaller first = caller(Map.of()).send(group, "/v1/chat/completions", STREAMING)) {
			stream.request();
			Response refused = group.chat();
			assertThat(refused.status()).isEqualTo(503);
			assertThat(refused.text()).contains("overloaded").contains("max-in-flight");
			assertThat(refused.head().headers("Retry-After")).containsExactly("1");
			assertThat(this.gateway.manage("GET", "/api/groups", Map.of()).get("total").asInt()).isPositive();
			assertThat(this.gateway.metrics()).contains("keymux_refusals_total{code=\"overloaded\"}");
			stream.send("data: [DONE]\n\n").end();
			first.readResponse();
			Await.until("room", () -> group.chat().status() == 200);
		}
		finally {
			Map<String, Object> reset = new HashMap<>();
			reset.put("max-in-flight", null);
			this.gateway.manage("PATCH", "/api/settings", reset);
		}
	}

	@Test
	void anAccessKeyShowsWhatItHasUsed() throws IOException {
		TestGroup group = spec().create();
		Caller caller = caller(Map.of("limits", Map.of("requestsPerMinute", 10, "concurrency", 5), "quota",
				Map.of("tokens", 1000, "cost", 3, "per", "month")));
		caller.chat(group, SHORT);
		Await.until("what was used", () -> caller.consumption().at("/quota/tokens").asInt() == 29);
		JsonNode consumption = caller.consumption();
		assertThat(consumption.get("requestsPerMinute").asInt()).isEqualTo(1);
		assertThat(consumption.get("concurrency").asInt()).isZero();
		assertThat(consumption.has("tokensPerMinute")).isFalse();
		assertThat(consumption.at("/quota/cost").decimalValue()).isEqualByComparingTo("0");
		assertThat(consumption.at("/quota/until").asString()).endsWith("-01T00:00:00Z");
		JsonNode free = this.gateway.manage("GET", "/api/access-keys/" + caller(Map.of()).id(), Map.of());
		assertThat(free.get("consumption").isEmpty()).isTrue();
	}

	@Test
	void aCallerSeesWhatItMayUse() throws IOException {
		TestGroup group = spec().alias("fast", "gpt-4o-mini").create();
		TestGroup other = spec().create();
		TestGroup disabled = spec().disabled().create();
		Caller caller = caller(Map.of("groups", List.of(group.name(), disabled.name()), "models", List.of("gpt-*"),
				"limits", Map.of("requestsPerMinute", 10)));
		caller.chat(group, SHORT.replace("\"m\"", "\"gpt-5\""));
		JsonNode me = caller.me();
		assertThat(me.get("groups").size()).isEqualTo(1);
		assertThat(me.at("/groups/0/name").asString()).isEqualTo(group.name()).isNotEqualTo(other.name());
		assertThat(me.at("/groups/0/provider").asString()).isEqualTo("openai");
		assertThat(me.at("/groups/0/modelAliases/0").asString()).isEqualTo("fast");
		assertThat(me.at("/models/0").asString()).isEqualTo("gpt-*");
		assertThat(me.at("/limits/requestsPerMinute").asInt()).isEqualTo(10);
		assertThat(me.at("/consumption/requestsPerMinute").asInt()).isEqualTo(1);
		assertThat(me.toString()).doesNotContain(caller.secret());
		caller.change(Map.of("enabled", false));
		assertThat(caller.askMe().status()).isEqualTo(401);
		assertThat(new Caller(this.gateway, 0, "km-nobody").askMe().text()).contains("access key");
	}

	private double alerts(String percent) {
		return series("keymux_quota_alerts_total{of=\"access-key\",percent=\"%s\"}".formatted(percent));
	}

	private double series(String name) {
		return this.gateway.metrics()
			.lines()
			.filter((line) -> line.startsWith(name))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
			.sum();
	}

	private static int remaining(Response response, String kind) {
		return Integer.parseInt(response.head().headers("x-ratelimit-remaining-" + kind).getFirst());
	}

	private static void assertRefused(Response response, String code, String message) {
		assertThat(response.status()).isEqualTo(429);
		JsonNode error = JsonMapper.shared().readTree(response.body()).get("error");
		assertThat(error.get("code").asString()).isEqualTo(code);
		assertThat(error.get("message").asString()).startsWith(message);
	}

	private GroupSpec spec() {
		return this.gateway.group("openai").upstream(this.upstream.url()).keys("sk-limited-1");
	}

	private Caller caller(Map<String, ?> fields) {
		int number = keys.incrementAndGet();
		String secret = "km-caller-with-limits-" + number;
		Map<String, Object> all = new HashMap<>(fields);
		all.put("name", "limited-" + number);
		all.put("key", secret);
		return new Caller(this.gateway, this.gateway.accessKey(all).get("id").asLong(), secret);
	}

	/** A caller with an access key of its own. */
	private record Caller(Gateway gateway, long id, String secret) {

		Response chat(TestGroup group, String json) throws IOException {
			return post(group, "/v1/chat/completions", json);
		}

		Response post(TestGroup group, String path, String json) throws IOException {
			try (RawCaller caller = send(group, path, json)) {
				return caller.readResponse();
			}
		}

		RawCaller send(TestGroup group, String path, String json) throws IOException {
			byte[] body = json.getBytes(StandardCharsets.UTF_8);
			return group.connect()
				.head(group.line("POST " + path), "Authorization: Bearer " + this.secret,
						"Content-Type: application/json", "Content-Length: " + body.length)
				.send(body);
		}

		JsonNode consumption() {
			return this.gateway.manage("GET", "/api/access-keys/" + this.id, Map.of()).get("consumption");
		}

		JsonNode me() throws IOException {
			return JsonMapper.shared().readTree(askMe().body());
		}

		Response askMe() throws IOException {
			try (RawCaller caller = RawCaller.connect(this.gateway.port())) {
				return caller.head("GET /me", "x-api-key: " + this.secret).readResponse();
			}
		}

		void change(Map<String, ?> patch) {
			this.gateway.manage("PATCH", "/api/access-keys/" + this.id, patch);
		}

	}

}
