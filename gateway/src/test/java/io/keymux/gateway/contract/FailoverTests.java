package io.keymux.gateway.contract;

import java.io.IOException;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.EgressProxy;
import io.keymux.gateway.testkit.Gateway;
import io.keymux.gateway.testkit.GroupSpec;
import io.keymux.gateway.testkit.RawCaller;
import io.keymux.gateway.testkit.RawCaller.Response;
import io.keymux.gateway.testkit.ReceivedRequest;
import io.keymux.gateway.testkit.Reply;
import io.keymux.gateway.testkit.ScriptedStream;
import io.keymux.gateway.testkit.ScriptedUpstream;
import io.keymux.gateway.testkit.TestGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys, upstreams and members stand in for one another, and rewrites happen on the way.
 */
class FailoverTests {

	private static final String REJECTED = """
			{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","param":null,\
			"code":"invalid_api_key"}}""";

	private static final String NO_CREDIT = """
			{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,\
			"code":"insufficient_quota"}}""";

	private static final String THROTTLED = """
			{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}""";

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final Gateway gateway = Gateway.running();

	private final ScriptedUpstream upstream = ScriptedUpstream.start().answer((_) -> Answer.json(200, "{\"from\":1}"));

	private final ScriptedUpstream other = ScriptedUpstream.start().answer((_) -> Answer.json(200, "{\"from\":2}"));

	@AfterEach
	void close() {
		this.upstream.close();
		this.other.close();
	}

	@Test
	void asksWithAnotherKeyWhenOneIsRejected() throws IOException {
		this.upstream
			.answer((request) -> request.key().equals("sk-good") ? Answer.json(200, "{}") : Answer.json(401, REJECTED));
		TestGroup group = spec().keys("sk-bad", "sk-good").create();
		assertThat(group.chat().status()).isEqualTo(200);
		assertThat(group.chat().status()).isEqualTo(200);
		assertThat(this.upstream.keys()).startsWith("sk-bad", "sk-good");
	}

	@Test
	void usesNoKeyTwiceWhileAnotherIsLeft() throws IOException {
		this.upstream.answer((_) -> Answer.json(401, REJECTED));
		TestGroup group = spec().keys("sk-1", "sk-2", "sk-3").setting("max-attempts", "3").create();
		Response response = group.chat();
		assertThat(response.status()).isEqualTo(401);
		assertThat(response.text()).isEqualTo(REJECTED);
		assertThat(response.head().headers("x-keymux-attempts")).containsExactly("3");
		assertThat(this.upstream.keys()).containsExactlyInAnyOrder("sk-1", "sk-2", "sk-3");
	}

	@Test
	void usesNoKeyTwiceAfterServerErrorsEither() throws IOException {
		this.upstream.answer((_) -> Answer.json(500, "{}"));
		TestGroup group = spec().keys("sk-1", "sk-2", "sk-3", "sk-4").create();
		group.chat();
		assertThat(this.upstream.keys()).containsExactlyInAnyOrder("sk-1", "sk-2", "sk-3", "sk-4");
	}

	@Test
	void rotatesKeys() throws IOException {
		TestGroup group = spec().keys("sk-1", "sk-2", "sk-3").create();
		for (int i = 0; i < 6; i++) {
			group.chat();
		}
		assertThat(new HashSet<>(this.upstream.keys().subList(0, 3))).hasSize(3);
		assertThat(this.upstream.keys().subList(3, 6)).isEqualTo(this.upstream.keys().subList(0, 3));
	}

	@Test
	void makesNoMoreAttemptsThanAllowed() throws IOException {
		this.upstream.answer((_) -> Answer.json(503, "{\"last\":true}"));
		TestGroup group = spec().keys("sk-1", "sk-2", "sk-3").setting("max-attempts", "2").create();
		Response response = group.chat();
		assertThat(response.status()).isEqualTo(503);
		assertThat(response.head().headers("x-keymux-attempts")).containsExactly("2");
		assertThat(this.upstream.requests()).hasSize(2);
	}

	@Test
	void givesTheCallerTheLastRealAnswer() throws IOException {
		this.upstream.enqueue(Answer.json(500, "{\"n\":1}"), Answer.json(502, "{\"n\":2}").header("x-mine", "2"),
				Answer.reset());
		TestGroup group = spec().keys("sk-1", "sk-2", "sk-3").setting("max-attempts", "3").create();
		Response response = group.chat();
		assertThat(response.status()).isEqualTo(502);
		assertThat(response.text()).isEqualTo("{\"n\":2}");
		assertThat(response.head().headers("x-mine")).containsExactly("2");
		assertThat(response.head().headers("x-keymux-attempts")).containsExactly("3");
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 404, 409, 422 })
	void triesNothingAgainThatTheCallerGotWrong(int status) throws IOException {
		this.upstream.answer((_) -> Answer.json(status, "{\"error\":{\"message\":\"no\",\"code\":\"nope\"}}"));
		TestGroup group = spec().keys("sk-1", "sk-2").create();
		assertThat(group.chat().status()).isEqualTo(status);
		assertThat(this.upstream.requests()).hasSize(1);
		assertThat(statuses(group)).containsOnly("active");
	}

	@Test
	void sendsTheSameBodyAgain() throws IOException {
		this.upstream.enqueue(Answer.reset(), Answer.json(500, "{}"));
		String json = "{\"model\":\"gpt\",\"pad\":\"" + "x".repeat(100_000) + "\"}";
		TestGroup group = spec().keys("sk-1", "sk-2", "sk-3").create();
		Response response = group.post("/v1/chat/completions", json);
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.head().headers("x-keymux-attempts")).containsExactly("3");
		assertThat(this.upstream.requests().getLast().text()).isEqualTo(json);
	}

	@Test
	void triesNothingAgainOnceTheHeadIsRelayed() throws IOException {
		this.upstream.enqueue(ScriptedStream.events().send("data: 1\n\n").cut());
		TestGroup group = spec().keys("sk-1", "sk-2").create();
		try (RawCaller caller = group.connect()) {
			group.send(caller, "/v1/chat/completions", "{\"model\":\"gpt\"}").readHead();
			caller.readChunk();
			assertThat(org.assertj.core.api.Assertions.catchThrowable(caller::readChunk))
				.isInstanceOf(IOException.class);
		}
		assertThat(this.upstream.requests()).hasSize(1);
	}

	@Test
	void restsAThrottledKeyForAsManySecondsAsTheProviderSays() throws IOException {
		this.upstream.enqueue(Answer.json(429, THROTTLED).header("Retry-After", "30"));
		TestGroup group = spec().keys("sk-1", "sk-2").create();
		assertThat(group.chat().status()).isEqualTo(200);
		String throttled = this.upstream.keys().getFirst();
		for (int i = 0; i < 4; i++) {
			group.chat();
		}
		assertThat(this.upstream.keys().subList(1, 6)).doesNotContain(throttled);
		Await.until("one key cools", () -> statuses(group).contains("cooling"));
	}

	@Test
	void bringsAThrottledKeyBackByItself() throws IOException {
		this.upstream.enqueue(Answer.json(429, THROTTLED).header("Retry-After", "1"));
		TestGroup group = spec().keys("sk-1").create();
		assertThat(group.chat().status()).isEqualTo(429);
		assertThat(group.chat().status()).isEqualTo(503);
		Await.until("the key is back", () -> group.chat().status() == 200);
	}

	@Test
	void restsAThrottledKeyUntilTheDateTheProviderNames() throws IOException {
		String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(40));
		this.upstream.enqueue(Answer.json(429, THROTTLED).header("Retry-After", date));
		TestGroup group = spec().keys("sk-1").create();
		assertThat(group.chat().status()).isEqualTo(429);
		Response refusal = group.chat();
		assertThat(refusal.text()).contains("key_pool_exhausted");
		assertThat(Integer.parseInt(refusal.head().headers("Retry-After").getFirst())).isBetween(30, 41);
	}

	@Test
	void ejectsAKeyAtTheThreshold() throws IOException {
		this.upstream
			.answer((request) -> request.key().equals("sk-good") ? Answer.json(200, "{}") : Answer.json(401, REJECTED));
		TestGroup group = spec().keys("sk-bad", "sk-good").setting("ejection-threshold", "2").create();
		for (int i = 0; i < 10; i++) {
			assertThat(group.chat().status()).isEqualTo(200);
		}
		assertThat(this.upstream.keys()).filteredOn("sk-bad"::equals).hasSize(2);
		Await.until("ejected", () -> statuses(group).contains("ejected"));
	}

	@Test
	void bringsAnEjectedKeyBackWhenItsProbeIsAccepted() throws IOException {
		this.upstream.answer((request) -> request.method().equals("GET") ? Answer.json(200, "{\"data\":[]}")
				: Answer.json(401, REJECTED));
		TestGroup group = spec().keys("sk-1")
			.setting("ejection-threshold", "1")
			.setting("probe-interval", "1s")
			.create();
		assertThat(group.chat().status()).isEqualTo(401);
		assertThat(group.chat().text()).contains("key_pool_exhausted");
		Await.until("the key is back", () -> statuses(group).contains("active"));
		assertThat(this.upstream.take().target()).isEqualTo("/v1/chat/completions");
		ReceivedRequest probe = this.upstream.take();
		assertThat(probe.target()).isEqualTo("/v1/models");
		assertThat(probe.headers("Authorization")).containsExactly("Bearer sk-1");
	}

	@ParameterizedTest
	@CsvSource({ "429, 1", "403, 1", "400, 1" })
	void blamesTheKeyWhenTheCodeSaysSoWhateverTheStatus(int status, int threshold) throws IOException {
		this.upstream.answer(
				(request) -> request.key().equals("sk-good") ? Answer.json(200, "{}") : Answer.json(status, NO_CREDIT));
		TestGroup group = spec().keys("sk-bad", "sk-good")
			.setting("ejection-threshold", Integer.toString(threshold))
			.create();
		assertThat(group.chat().status()).isEqualTo(200);
		assertThat(group.chat().status()).isEqualTo(200);
		Await.until("ejected", () -> statuses(group).contains("ejected"));
	}

	@Test
	void forgetsRejectionsOnSuccess() throws IOException {
		TestGroup group = spec().keys("sk-1").setting("ejection-threshold", "2").setting("max-attempts", "1").create();
		for (int i = 0; i < 3; i++) {
			this.upstream.enqueue(Answer.json(401, REJECTED), Answer.json(200, "{}"));
			assertThat(group.chat().status()).isEqualTo(401);
			assertThat(group.chat().status()).isEqualTo(200);
		}
	}

	@Test
	void blamesTheUpstreamForServerErrorsNeverTheKey() throws IOException {
		this.upstream.answer((_) -> Answer.json(500, "{}"));
		TestGroup group = spec().keys("sk-1", "sk-2").setting("ejection-threshold", "1").create();
		for (int i = 0; i < 5; i++) {
			assertThat(group.chat().status()).isEqualTo(500);
		}
		assertThat(statuses(group)).containsOnly("active");
	}

	@Test
	void turnsToTheOtherUpstreamWhenOneIsDead() throws IOException {
		TestGroup group = this.gateway.group("openai")
			.upstream(ScriptedUpstream.refusing())
			.upstream(this.other.url())
			.keys("sk-1", "sk-2")
			.create();
		for (int i = 0; i < 20; i++) {
			assertThat(group.chat().status()).isEqualTo(200);
		}
		assertThat(group.chat().head().headers("x-keymux-attempts")).containsExactly("1");
	}

	@Test
	void ejectsAnUpstreamThatKeepsFailing() throws IOException {
		this.upstream.answer((_) -> Answer.json(503, "{}"));
		TestGroup group = spec().upstream(this.other.url())
			.keys("sk-1", "sk-2")
			.setting("outlier-threshold", "3")
			.create();
		for (int i = 0; i < 20; i++) {
			assertThat(group.chat().status()).isEqualTo(200);
		}
		assertThat(this.upstream.requests()).hasSize(3);
	}

	@Test
	void sharesRequestsExactlyByWeight() throws IOException {
		TestGroup group = this.gateway.group("openai")
			.upstream(this.upstream.url(), 5)
			.upstream(this.other.url(), 1)
			.keys("sk-1")
			.create();
		StringBuilder order = new StringBuilder();
		for (int i = 0; i < 12; i++) {
			order.append(JSON.readTree(group.chat().body()).get("from").asInt());
		}
		assertThat(this.upstream.requests()).hasSize(10);
		assertThat(this.other.requests()).hasSize(2);
		assertThat(order.substring(0, 6)).as("smooth, not in blocks").isEqualTo("111211");
	}

	@Test
	void sendsNothingToAnUpstreamWithoutWeight() throws IOException {
		TestGroup group = this.gateway.group("openai")
			.upstream(this.upstream.url(), 0)
			.upstream(this.other.url(), 1)
			.keys("sk-1")
			.create();
		for (int i = 0; i < 5; i++) {
			group.chat();
		}
		assertThat(this.upstream.requests()).isEmpty();
	}

	@Test
	void asksTheNextTierOnlyWhenTheFirstCannotServe() throws IOException {
		TestGroup first = spec().keys("sk-first").create();
		TestGroup second = this.gateway.group("openai").upstream(this.other.url()).keys("sk-second").create();
		TestGroup all = this.gateway.group("openai").member(first, 1, 0).member(second, 1, 1).create();
		for (int i = 0; i < 4; i++) {
			assertThat(all.chat().text()).contains("1");
		}
		assertThat(this.other.requests()).isEmpty();
		this.upstream.answer((_) -> Answer.json(429, THROTTLED).header("Retry-After", "60"));
		for (int i = 0; i < 3; i++) {
			assertThat(all.chat().text()).isEqualTo("{\"from\":2}");
		}
		assertThat(this.other.keys()).containsOnly("sk-second");
		assertThat(this.upstream.requests()).as("the throttled key rests").hasSize(5);
	}

	@Test
	void failsOverToAnotherMemberWithinOneRequest() throws IOException {
		this.upstream.answer((_) -> Answer.json(503, "{}"));
		TestGroup first = spec().keys("sk-first").create();
		TestGroup second = this.gateway.group("openai").upstream(this.other.url()).keys("sk-second").create();
		TestGroup all = this.gateway.group("openai").member(first, 1, 0).member(second, 1, 0).create();
		for (int i = 0; i < 4; i++) {
			assertThat(all.chat().text()).isEqualTo("{\"from\":2}");
		}
		assertThat(this.upstream.keys()).isNotEmpty().containsOnly("sk-first");
	}

	@Test
	void sharesRequestsAmongMembersByWeight() throws IOException {
		TestGroup first = spec().keys("sk-first").create();
		TestGroup second = this.gateway.group("openai").upstream(this.other.url()).keys("sk-second").create();
		TestGroup all = this.gateway.group("openai").member(first, 3, 0).member(second, 1, 0).create();
		for (int i = 0; i < 8; i++) {
			all.chat();
		}
		assertThat(this.upstream.requests()).hasSize(6);
		assertThat(this.other.requests()).hasSize(2);
	}

	@Test
	void asksOnlyMembersThatServeTheModel() throws IOException {
		TestGroup first = spec().keys("sk-first").create();
		TestGroup second = this.gateway.group("openai").upstream(this.other.url()).keys("sk-second").create();
		TestGroup all = this.gateway.group("openai")
			.member(first, 1, 0, "gpt-*")
			.member(second, 1, 0, "o3*", "o4-*")
			.create();
		for (int i = 0; i < 3; i++) {
			assertThat(all.chat("gpt-4.1").text()).isEqualTo("{\"from\":1}");
			assertThat(all.chat("o4-mini").text()).isEqualTo("{\"from\":2}");
		}
	}

	@Test
	void appliesTheRulesOfTheAggregateAndOfTheMemberThatServes() throws IOException {
		TestGroup first = spec().keys("sk-first").alias("fast", "gpt-4.1-nano").setHeader("X-Member", "first").create();
		TestGroup all = this.gateway.group("openai").member(first, 1, 0).setHeader("X-Entry", "all").create();
		assertThat(all.chat("fast").status()).isEqualTo(200);
		ReceivedRequest request = this.upstream.take();
		assertThat(request.headers("X-Entry")).containsExactly("all");
		assertThat(request.json().get("model").stringValue()).isEqualTo("gpt-4.1-nano");
		assertThat(request.headers("X-Member")).containsExactly("first");
	}

	@Test
	void sendsTheNameBehindAnAliasAndChangesNothingElse() throws IOException {
		TestGroup group = spec().keys("sk-1").alias("fast", "gpt-4.1-nano").create();
		group.post("/v1/chat/completions", "{ \"n\":1.0, \"model\" : \"fast\",\"text\":\"\\u00e9 fast\"}");
		group.post("/v1/chat/completions", "{\"model\":\"else\"}");
		assertThat(this.upstream.take().text())
			.isEqualTo("{ \"n\":1.0, \"model\" : \"gpt-4.1-nano\",\"text\":\"\\u00e9 fast\"}");
		assertThat(this.upstream.take().text()).isEqualTo("{\"model\":\"else\"}");
	}

	@Test
	void sendsTheNameBehindAnAliasInThePath() throws IOException {
		TestGroup group = this.gateway.group("gemini")
			.upstream(this.upstream.url())
			.keys("AIza-1")
			.alias("fast", "gemini-2.5-flash-lite")
			.create();
		group.post("/v1beta/models/fast:generateContent?alt=sse", "{\"contents\":[]}");
		assertThat(this.upstream.take().target())
			.isEqualTo("/v1beta/models/gemini-2.5-flash-lite:generateContent?alt=sse");
	}

	@Test
	void sendsTheNameBehindAnAliasInAForm() throws IOException {
		TestGroup group = spec().keys("sk-1").alias("fast", "whisper-1").create();
		String form = """
				--b\r
				Content-Disposition: form-data; name="model"\r
				\r
				%s\r
				--b\r
				Content-Disposition: form-data; name="file"; filename="fast"\r
				\r
				fast\r
				--b--\r
				""";
		String sent = form.formatted("fast");
		try (RawCaller caller = group.connect()) {
			caller
				.head(group.line("POST /v1/audio/transcriptions"), "x-api-key: " + Gateway.ACCESS_KEY,
						"Content-Type: multipart/form-data; boundary=b", "Content-Length: " + sent.length())
				.send(sent);
			assertThat(caller.readResponse().status()).isEqualTo(200);
		}
		assertThat(this.upstream.take().text()).isEqualTo(form.formatted("whisper-1"));
	}

	@Test
	void refusesModelsThatAreNoAliasInStrictGroups() throws IOException {
		TestGroup group = spec().keys("sk-1").alias("fast", "gpt-4.1-nano").strict().create();
		assertThat(group.chat("fast").status()).isEqualTo(200);
		Response refusal = group.chat("gpt-4.1");
		assertThat(refusal.status()).isEqualTo(400);
		assertThat(refusal.text()).contains("model_not_found", "gpt-4.1");
		assertThat(this.upstream.requests()).hasSize(1);
	}

	@Test
	void listsAliasesAmongTheModels() throws IOException {
		this.upstream.answer((_) -> Answer.json(200, """
				{"object":"list","data":[{"id":"gpt-4.1-nano","object":"model","owned_by":"system"}]}"""));
		TestGroup open = spec().keys("sk-1").alias("fast", "gpt-4.1-nano").create();
		TestGroup strict = spec().keys("sk-1").alias("fast", "gpt-4.1-nano").strict().create();
		assertThat(models(open)).containsExactlyInAnyOrder("fast", "gpt-4.1-nano");
		assertThat(models(strict)).containsExactly("fast");
	}

	@Test
	void overridesTheBodyFieldByField() throws IOException {
		TestGroup group = spec().keys("sk-1")
			.bodyOverrides(Map.of("temperature", 0.2, "metadata", Map.of("tenant", "a")))
			.create();
		group.post("/v1/chat/completions",
				"{\"model\":\"gpt\", \"temperature\": 1, \"metadata\":{\"tenant\":\"x\",\"keep\":true},\"n\":1.0}");
		ReceivedRequest request = this.upstream.take();
		assertThat(request.json().get("temperature").doubleValue()).isEqualTo(0.2);
		assertThat(request.json().get("metadata").get("tenant").stringValue()).isEqualTo("a");
		assertThat(request.json().get("metadata").get("keep").booleanValue()).isTrue();
		assertThat(request.text()).startsWith("{\"model\":\"gpt\", \"temperature\": 0.2").endsWith("\"n\":1.0}");
	}

	@Test
	void setsAndRemovesHeadersWithVariables() throws IOException {
		TestGroup group = spec().keys("sk-1")
			.setHeader("X-Ip", "ip=${CLIENT_IP}")
			.setHeader("X-Group", "${GROUP_NAME}")
			.setHeader("X-Key", "<${API_KEY}>")
			.setHeader("X-Ms", "${TIMESTAMP_MS}")
			.setHeader("X-S", "${TIMESTAMP_S}")
			.setHeader("X-Request", "${REQUEST_ID}")
			.removeHeader("X-Gone")
			.create();
		Response response = group.post("/v1/chat/completions", "{\"model\":\"gpt\"}", "X-Gone: 1", "X-Group: mine");
		ReceivedRequest request = this.upstream.take();
		assertThat(request.headers("X-Ip")).containsExactly("ip=127.0.0.1");
		assertThat(request.headers("X-Group")).containsExactly(group.name());
		assertThat(request.headers("X-Key")).containsExactly("<sk-1>");
		assertThat(request.header("X-Ms")).matches("\\d{13}");
		assertThat(request.header("X-S")).matches("\\d{10}");
		assertThat(request.headers("X-Request")).isEqualTo(response.head().headers("x-request-id"));
		assertThat(request.headers("X-Gone")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://", "socks5://", "http://user:pass@", "socks5://user:pass@" })
	void reachesTheUpstreamThroughAnEgressProxy(String scheme) throws IOException {
		try (EgressProxy proxy = EgressProxy.start()) {
			TestGroup group = spec().keys("sk-1").setting("egress-proxy", scheme + proxy.authority()).create();
			assertThat(group.chat().status()).isEqualTo(200);
			assertThat(proxy.destinations()).singleElement()
				.satisfies((destination) -> assertThat(destination).endsWith(" 127.0.0.1:" + this.upstream.port()));
			if (scheme.contains("@")) {
				assertThat(proxy.credentials()).singleElement()
					.isIn("user:pass", "Basic dXNlcjpwYXNz", "basic dXNlcjpwYXNz");
			}
		}
		assertThat(this.upstream.take().header("Proxy-Authorization")).isNull();
	}

	@Test
	void blamesTheEgressProxyWhenItIsDead() throws IOException {
		String proxy = "http://127.0.0.1:" + URI.create(ScriptedUpstream.refusing()).getPort();
		TestGroup group = spec().keys("sk-1").setting("egress-proxy", proxy).setting("max-attempts", "2").create();
		Response response = group.chat();
		assertThat(response.status()).isEqualTo(502);
		assertThat(response.text()).contains("upstream_unreachable");
		assertThat(this.upstream.requests()).isEmpty();
	}

	@Test
	void pausesInsteadOfEmptyingThePoolWhenTheWholeAccountIsThrottled() throws IOException {
		this.upstream.answer((_) -> Answer.json(429, THROTTLED).header("Retry-After", "60"));
		String[] keys = java.util.stream.IntStream.range(0, 50).mapToObj((i) -> "sk-" + i).toArray(String[]::new);
		TestGroup group = spec().keys(keys).create();
		for (int i = 0; i < 10; i++) {
			group.chat();
		}
		assertThat(this.upstream.requests().size()).as("keys burnt before the pool pauses").isLessThan(40);
		Set<String> left = statuses(group);
		assertThat(left).as("keys that did not have to find out").contains("active");
	}

	@Test
	void passesAnswersOfFailoverWithoutTheirLosers() throws IOException {
		this.upstream.enqueue(Reply.of(500).header("x-loser", "1").body("lost"));
		TestGroup group = spec().keys("sk-1", "sk-2").create();
		Response response = group.chat();
		assertThat(response.text()).isEqualTo("{\"from\":1}");
		assertThat(response.head().headers("x-loser")).isEmpty();
	}

	private GroupSpec spec() {
		return this.gateway.group("openai").upstream(this.upstream.url());
	}

	private Set<String> statuses(TestGroup group) {
		return this.gateway.keys(group.name())
			.stream()
			.map((key) -> key.get("status").stringValue())
			.collect(Collectors.toSet());
	}

	private static List<String> models(TestGroup group) throws IOException {
		JsonNode list = JSON.readTree(group.call("GET /v1/models").body());
		return list.get("data").values().stream().map((model) -> model.get("id").stringValue()).toList();
	}

}
