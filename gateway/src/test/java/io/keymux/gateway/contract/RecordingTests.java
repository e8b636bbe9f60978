package io.keymux.gateway.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.Gateway;
import io.keymux.gateway.testkit.GroupSpec;
import io.keymux.gateway.testkit.Messages;
import io.keymux.gateway.testkit.RawCaller.Response;
import io.keymux.gateway.testkit.RawCaller;
import io.keymux.gateway.testkit.Reply;
import io.keymux.gateway.testkit.ScriptedStream;
import io.keymux.gateway.testkit.ScriptedUpstream;
import io.keymux.gateway.testkit.TestGroup;
import io.keymux.gateway.testkit.WebSocketEcho;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What is remembered of requests, as the management API tells it. */
class RecordingTests {

	private static final String ANSWER = """
			{"model":"gpt-4o-mini-2024-07-18","choices":[{"message":{"content":"Hello"}}],\
			"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,\
			"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":4}}}""";

	private static final String STREAMING = """
			{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Tell me a story, please."}]}""";

	private static final String CHUNK = """
			data: {"model":"gpt-4o-mini","choices":[{"delta":{"content":"Once upon a time"}}]}

			""";

	private static final String USAGE = """
			data: {"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":400,"total_tokens":407}}

			data: [DONE]

			""";

	private final Gateway gateway = Gateway.running();

	private final ScriptedUpstream upstream = ScriptedUpstream.start().answer((_) -> Answer.json(200, ANSWER));

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void tellsAllOfAPlainRequest() throws IOException {
		TestGroup group = spec().alias("fast", "gpt-4o-mini").create();
		Response response = group.post("/v1/chat/completions",
				"{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
				"traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "X-Forwarded-For: 203.0.113.9");
		JsonNode record = only(group);
		assertThat(record.get("id").asString()).isEqualTo(response.head().headers("x-request-id").getFirst());
		assertThat(record.get("group").asString()).isEqualTo(group.name());
		assertThat(record.get("accessKey").asString()).isEqualTo("testkit");
		assertThat(record.get("provider").asString()).isEqualTo("openai");
		assertThat(record.get("operation").asString()).isEqualTo("chat");
		assertThat(record.get("stream").asBoolean()).isFalse();
		assertThat(record.get("requestedModel").asString()).isEqualTo("fast");
		assertThat(record.get("upstreamModel").asString()).isEqualTo("gpt-4o-mini");
		assertThat(record.get("responseModel").asString()).isEqualTo("gpt-4o-mini-2024-07-18");
		assertThat(record.get("status").asInt()).isEqualTo(200);
		assertThat(record.get("outcome").asString()).isEqualTo("accepted");
		assertThat(record.get("upstream").asString()).isEqualTo(this.upstream.url());
		assertThat(record.get("bytesOut").asLong()).isEqualTo(ANSWER.length());
		assertThat(record.get("traceId").asString()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
		assertThat(record.get("clientAddress").asString()).isEqualTo("127.0.0.1");
		assertTokens(record, 19, 10, "reported", "complete");
		assertThat(record.get("cachedTokens").asLong()).isEqualTo(8);
		assertThat(record.get("reasoningTokens").asLong()).isEqualTo(4);
	}

	@Test
	void tellsEachAttempt() throws IOException {
		this.upstream.enqueue(
				Answer.json(401,
						"{\"error\":{\"message\":\"Incorrect API key provided: sk-provider-number-1*****\","
								+ "\"code\":\"invalid_api_key\"}}"),
				Answer.json(429, "{\"error\":{\"message\":\"Rate limit\",\"code\":\"rate_limit_exceeded\"}}"));
		TestGroup group = spec().keys("sk-provider-number-1", "sk-provider-number-2", "sk-provider-number-3").create();
		group.chat();
		JsonNode record = only(group);
		List<JsonNode> attempts = List.copyOf(record.get("attempts").values());
		assertThat(attempts).extracting((attempt) -> attempt.get("outcome").asString())
			.containsExactly("key-rejected", "throttled", "accepted");
		assertThat(attempts).extracting((attempt) -> attempt.get("status").asInt()).containsExactly(401, 429, 200);
		assertThat(attempts.get(0).get("error").asString())
			.isEqualTo("invalid_api_key: Incorrect API key provided: [key]");
		assertThat(record.get("outcome").asString()).isEqualTo("accepted");
		assertThat(record.toString()).doesNotContain("number-1").doesNotContain("number-2").doesNotContain("number-3");
	}

	@Test
	void tellsTheProvidersErrorWithoutWhatIsPrivate() throws IOException {
		this.upstream.answer((_) -> Answer.json(400,
				"{\"error\":{\"message\":\"Organization org-AbCdEfGhIjKl: 128000 tokens at most, you sent 130112\","
						+ "\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}}"));
		TestGroup group = spec().create();
		group.chat();
		JsonNode record = only(group);
		assertThat(record.get("outcome").asString()).isEqualTo("caller-rejected");
		assertThat(record.get("errorCode").asString()).isEqualTo("context_length_exceeded");
		assertThat(record.get("error").asString()).isEqualTo("Organization [id]: # tokens at most, you sent #");
		assertTokens(record, 0, 0, "none", "complete");
	}

	@ParameterizedTest
	@CsvSource({ "gzip, gzip", "'br, gzip;q=0.5', gzip;q=0.5", "'zstd, br', identity", "*, identity",
			"'deflate, identity', 'deflate, identity'" })
	void asksForNoCodingItCannotRead(String accepted, String sent) throws IOException {
		TestGroup group = spec().create();
		group.post("/v1/chat/completions", STREAMING, "Accept-Encoding: " + accepted);
		assertThat(this.upstream.take().headers("accept-encoding")).containsExactly(sent);
	}

	@Test
	void readsPackedAnswersAsTheyPass() throws IOException {
		byte[] packed = gzip(ANSWER);
		this.upstream.answer((_) -> Reply.of(200)
			.header("Content-Type", "application/json")
			.header("Content-Encoding", "gzip")
			.body(packed));
		TestGroup group = spec().create();
		assertThat(group.post("/v1/chat/completions", STREAMING, "Accept-Encoding: gzip").body()).isEqualTo(packed);
		assertTokens(only(group), 19, 10, "reported", "complete");
	}

	@Test
	void readsAStreamAsItPasses() throws IOException {
		this.upstream.enqueue(ScriptedStream.events().send(CHUNK).send(USAGE).end());
		TestGroup group = spec().create();
		group.post("/v1/chat/completions", STREAMING);
		JsonNode record = only(group);
		assertThat(record.get("stream").asBoolean()).isTrue();
		assertThat(record.get("firstChunkMs").isNumber()).isTrue();
		assertTokens(record, 7, 400, "reported", "complete");
	}

	@Test
	void estimatesWhatNobodyTold() throws IOException {
		this.upstream.enqueue(ScriptedStream.events().send(CHUNK).send("data: [DONE]\n\n").end());
		TestGroup group = spec().create();
		group.post("/v1/chat/completions", STREAMING);
		JsonNode record = only(group);
		assertThat(record.get("usageSource").asString()).isEqualTo("estimated");
		assertThat(record.get("inputTokens").asInt()).isBetween(6, 14);
		assertThat(record.get("outputTokens").asInt()).isBetween(3, 5);
	}

	@Test
	void estimatesWhatACallerThatLeftHasUsed() throws IOException {
		ScriptedStream stream = ScriptedStream.events().send(CHUNK);
		this.upstream.enqueue(stream);
		TestGroup group = spec().create();
		try (RawCaller caller = group.connect()) {
			assertThat(group.send(caller, "/v1/chat/completions", STREAMING).readHead().status()).isEqualTo(200);
			caller.readChunk();
		}
		JsonNode record = only(group);
		stream.end();
		assertThat(record.get("outcome").asString()).isEqualTo("accepted");
		assertThat(record.get("end").asString()).isEqualTo("cancelled");
		assertThat(record.get("usageSource").asString()).isEqualTo("estimated");
		assertThat(record.get("outputTokens").asInt()).isBetween(3, 5);
	}

	@Test
	void drainsWhatACallerThatLeftHasUsed() throws IOException {
		ScriptedStream stream = ScriptedStream.events().send(CHUNK);
		this.upstream.enqueue(stream);
		TestGroup group = spec().setting("on-disconnect", "drain").create();
		try (RawCaller caller = group.connect()) {
			assertThat(group.send(caller, "/v1/chat/completions", STREAMING).readHead().status()).isEqualTo(200);
			caller.readChunk();
		}
		for (int i = 0; i < 100; i++) {
			stream.send(CHUNK);
		}
		stream.send(USAGE).end();
		JsonNode record = only(group);
		assertTokens(record, 7, 400, "drained", "cancelled");
		assertThat(record.get("bytesOut").asLong()).isLessThan(2L * CHUNK.length());
		// The connection is as good as any that was read to its end.
		group.chat();
		assertThat(this.upstream.openConnections()).isEqualTo(1);
	}

	@Test
	void drainsNoLongerThanSilenceMayLast() throws IOException {
		ScriptedStream stream = ScriptedStream.events().send(CHUNK);
		this.upstream.enqueue(stream);
		TestGroup group = spec().setting("on-disconnect", "drain").setting("stream-idle-timeout", "200ms").create();
		try (RawCaller caller = group.connect()) {
			group.send(caller, "/v1/chat/completions", STREAMING).readHead();
			caller.readChunk();
		}
		JsonNode record = only(group);
		stream.end();
		assertThat(record.get("end").asString()).isEqualTo("cancelled");
		assertThat(record.get("usageSource").asString()).isEqualTo("estimated");
	}

	@Test
	void tellsThatAnAnswerWasCut() throws IOException {
		this.upstream.enqueue(ScriptedStream.events().send(CHUNK).cut());
		TestGroup group = spec().create();
		try (RawCaller caller = group.connect()) {
			group.send(caller, "/v1/chat/completions", STREAMING).readHead();
			caller.readChunk();
			assertThat(caller.atEnd()).isTrue();
		}
		JsonNode record = only(group);
		assertThat(record.get("end").asString()).isEqualTo("cut");
		assertThat(record.get("usageSource").asString()).isEqualTo("estimated");
	}

	@Test
	void tellsThatAnAnswerFellSilent() throws IOException {
		ScriptedStream stream = ScriptedStream.events().send(CHUNK);
		this.upstream.enqueue(stream);
		TestGroup group = spec().setting("stream-idle-timeout", "200ms").create();
		try (RawCaller caller = group.connect()) {
			group.send(caller, "/v1/chat/completions", STREAMING).readHead();
			caller.readChunk();
			assertThat(caller.atEnd()).isTrue();
		}
		stream.end();
		assertThat(only(group).get("end").asString()).isEqualTo("timeout");
	}

	@Test
	void tellsThatARequestTookTooLong() throws IOException {
		this.upstream.answer((_) -> ScriptedStream.events());
		TestGroup group = spec().setting("request-timeout", "300ms").create();
		try (RawCaller caller = group.connect()) {
			group.send(caller, "/v1/chat/completions", STREAMING).readHead();
			assertThat(caller.atEnd()).isTrue();
		}
		assertThat(only(group).get("end").asString()).isEqualTo("timeout");
	}

	@Test
	void tellsThatACallerLeftBeforeAnAnswer() throws IOException {
		this.upstream.answer((_) -> (_) -> {
		});
		TestGroup group = spec().create();
		try (RawCaller caller = group.connect()) {
			group.send(caller, "/v1/chat/completions", STREAMING);
			this.upstream.take();
		}
		JsonNode record = only(group);
		assertThat(record.get("outcome").asString()).isEqualTo("cancelled");
		assertThat(record.get("end").asString()).isEqualTo("cancelled");
		assertThat(record.get("usageSource").asString()).isEqualTo("estimated");
		assertThat(record.get("inputTokens").asInt()).isBetween(6, 14);
		assertThat(record.get("attempts").get(0).get("outcome").asString()).isEqualTo("cancelled");
	}

	@Test
	void tellsAnErrorWithinAStream() throws IOException {
		this.upstream.enqueue(ScriptedStream.events()
			.send("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")
			.end());
		TestGroup group = this.gateway.group("anthropic").upstream(this.upstream.url()).keys("sk-ant-1").create();
		group.post("/v1/messages", "{\"model\":\"claude-sonnet-4-5\",\"stream\":true,\"messages\":[]}");
		JsonNode record = only(group);
		assertThat(record.get("status").asInt()).isEqualTo(200);
		assertThat(record.get("outcome").asString()).isEqualTo("upstream-failed");
		assertThat(record.get("errorCode").asString()).isEqualTo("overloaded_error");
	}

	@Test
	void tellsWhoKnocksWithoutAKey() throws IOException {
		TestGroup group = spec().create();
		try (RawCaller caller = group.connect()) {
			assertThat(caller.head("GET " + group.path() + "/v1/models").readResponse().status()).isEqualTo(401);
		}
		JsonNode record = only(group);
		assertThat(record.get("accessKey").isNull()).isTrue();
		assertThat(record.get("outcome").asString()).isEqualTo("refused");
		assertThat(record.get("errorCode").asString()).isEqualTo("invalid_access_key");
		assertThat(record.get("attempts").values()).isEmpty();
	}

	@Test
	void keepsBodiesOnlyWhenAskedTo() throws IOException {
		TestGroup group = spec().create();
		group.chat();
		JsonNode record = whole(only(group));
		assertThat(record.path("requestBody").isMissingNode() || record.path("requestBody").isNull()).isTrue();
		assertThat(record.path("responseBody").isMissingNode() || record.path("responseBody").isNull()).isTrue();
	}

	@Test
	void keepsBodiesUnpackedAndWithoutKeys() throws IOException {
		byte[] packed = gzip("{\"echo\":\"sk-provider-of-records and " + Gateway.ACCESS_KEY + "\"}");
		this.upstream.answer((_) -> Reply.of(200)
			.header("Content-Type", "application/json")
			.header("Content-Encoding", "gzip")
			.body(packed));
		TestGroup group = spec().keys("sk-provider-of-records")
			.setting("record-request-body", "true")
			.setting("record-response-body", "true")
			.create();
		group.post("/v1/chat/completions",
				"{\"model\":\"m\",\"messages\":\"%s %s\"}".formatted(Gateway.ACCESS_KEY, "x".repeat(70_000)),
				"Accept-Encoding: gzip");
		JsonNode record = whole(only(group));
		assertThat(record.get("responseBody").get("text").asString()).isEqualTo("{\"echo\":\"[key] and [key]\"}");
		assertThat(record.get("requestBody").get("text").asString())
			.startsWith("{\"model\":\"m\",\"messages\":\"[key] xxx")
			.hasSizeBetween(65_000, 65_536);
		assertThat(record.get("requestBody").get("truncated").asBoolean()).isTrue();
	}

	@Test
	void addsUpALiveConversation() {
		this.upstream.enqueue(new WebSocketEcho());
		TestGroup group = spec().create();
		Messages messages = new Messages();
		String done = "{\"type\":\"response.done\",\"response\":{\"usage\":{\"input_tokens\":5,\"output_tokens\":6,\"total_tokens\":11}}}";
		try (HttpClient client = HttpClient.newHttpClient()) {
			WebSocket socket = Await.on(client.newWebSocketBuilder()
				.header("Authorization", "Bearer " + Gateway.ACCESS_KEY)
				.buildAsync(URI.create(group.url().replace("http:", "ws:") + "/v1/realtime?model=gpt-realtime"),
						messages));
			Await.on(socket.sendText(done, true));
			Await.on(socket.sendText(done, true));
			Await.until("the echo", () -> messages.texts().size() == 2);
			Await.on(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
		}
		JsonNode record = only(group);
		assertThat(record.get("operation").asString()).isEqualTo("realtime");
		assertThat(record.get("status").asInt()).isEqualTo(101);
		assertThat(record.get("bytesIn").asLong()).isEqualTo(2L * done.length());
		assertThat(record.get("bytesOut").asLong()).isEqualTo(2L * done.length());
		assertTokens(record, 10, 12, "reported", "complete");
	}

	private GroupSpec spec() {
		return this.gateway.group("openai").upstream(this.upstream.url()).keys("sk-provider");
	}

	/** The only record of a group, as soon as it is stored. */
	private JsonNode only(TestGroup group) {
		Await.until("the record", () -> !records(group).isEmpty());
		assertThat(records(group)).hasSize(1);
		return records(group).getFirst();
	}

	private List<JsonNode> records(TestGroup group) {
		return List
			.copyOf(this.gateway.manage("GET", "/api/records?group=" + group.name(), Map.of()).get("items").values());
	}

	private JsonNode whole(JsonNode record) {
		return this.gateway.manage("GET", "/api/records/" + record.get("id").asString(), Map.of());
	}

	private static void assertTokens(JsonNode record, long input, long output, String source, String end) {
		assertThat(record.get("inputTokens").asLong()).isEqualTo(input);
		assertThat(record.get("outputTokens").asLong()).isEqualTo(output);
		assertThat(record.get("usageSource").asString()).isEqualTo(source);
		assertThat(record.get("end").asString()).isEqualTo(end);
	}

	private static byte[] gzip(String text) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
			gzip.write(text.getBytes(StandardCharsets.UTF_8));
		}
		return bytes.toByteArray();
	}

}
