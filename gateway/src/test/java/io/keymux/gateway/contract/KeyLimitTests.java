package io.keymux.gateway.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.Gateway;
import io.keymux.gateway.testkit.GroupSpec;
import io.keymux.gateway.testkit.RawCaller.Response;
import io.keymux.gateway.testkit.RawCaller;
import io.keymux.gateway.testkit.ReceivedRequest;
import io.keymux.gateway.testkit.ScriptedStream;
import io.keymux.gateway.testkit.ScriptedUpstream;
import io.keymux.gateway.testkit.TestGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What happens when provider keys are at limits of their own. */
class KeyLimitTests {

	private static final AtomicInteger callers = new AtomicInteger();

	private static final String ANSWER = """
			{"model":"m","choices":[],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29}}""";

	private final Gateway gateway = Gateway.running();

	private final ScriptedUpstream upstream = ScriptedUpstream.start().answer((_) -> Answer.json(200, ANSWER));

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void aKeyAtItsLimitIsPassedOver() throws IOException {
		TestGroup group = spec(Map.of("requestsPerMinute", 2)).keys("sk-limited-key-1", "sk-limited-key-2")
			.setting("queue-timeout", "0s")
			.create();
		for (int i = 0; i < 4; i++) {
			assertThat(group.chat().status()).isEqualTo(200);
		}
		Response refused = group.chat();
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.text()).contains("rate_limit_exceeded").contains("limits of their own");
		assertThat(Integer.parseInt(refused.head().headers("Retry-After").getFirst())).isBetween(40, 61);
		assertThat(this.upstream.keys()).hasSize(4).containsOnly("sk-limited-key-1", "sk-limited-key-2");
		assertThat(this.gateway.keys(group.name())).extracting((key) -> key.get("status").asString())
			.containsOnly("active");
	}

	@Test
	void aRequestWaitsUntilAKeyIsFree() throws IOException {
		ScriptedStream stream = ScriptedStream.events();
		this.upstream.enqueue(stream);
		TestGroup group = spec(Map.of("concurrency", 1)).keys("sk-busy-key").create();
		try (RawCaller first = send(group, Gateway.ACCESS_KEY, "first")) {
			stream.request();
			try (RawCaller second = send(group, Gateway.ACCESS_KEY, "second")) {
				awaitWaiting(1);
				assertThat(this.upstream.requests()).hasSize(1);
				stream.send("data: [DONE]\n\n").end();
				first.readResponse();
				assertThat(second.readResponse().status()).isEqualTo(200);
			}
		}
		awaitWaiting(0);
	}

	@Test
	void aRequestWaitsNoLongerThanItMay() throws IOException {
		ScriptedStream stream = ScriptedStream.events();
		this.upstream.enqueue(stream);
		TestGroup group = spec(Map.of("concurrency", 1)).keys("sk-busy-key").setting("queue-timeout", "100ms").create();
		try (RawCaller first = send(group, Gateway.ACCESS_KEY, "first")) {
			stream.request();
			assertThat(group.chat().status()).isEqualTo(429);
			stream.end();
			first.readResponse();
		}
	}

	@Test
	void noMoreRequestsWaitThanMay() throws IOException {
		ScriptedStream stream = ScriptedStream.events();
		this.upstream.enqueue(stream);
		TestGroup group = spec(Map.of("concurrency", 1)).keys("sk-busy-key").setting("queue-size", "1").create();
		try (RawCaller first = send(group, Gateway.ACCESS_KEY, "first");
				RawCaller second = send(group, Gateway.ACCESS_KEY, "second")) {
			stream.request();
			awaitWaiting(1);
			assertThat(group.chat().status()).isEqualTo(429);
			stream.end();
			assertThat(List.of(first.readResponse().status(), second.readResponse().status())).containsOnly(200);
		}
	}

	@Test
	void callersTakeTurns() throws IOException {
		ScriptedStream stream = ScriptedStream.events();
		this.upstream.enqueue(stream);
		TestGroup group = spec(Map.of("concurrency", 1)).keys("sk-busy-key").create();
		String many = accessKey();
		String few = accessKey();
		List<RawCaller> waiting = new ArrayList<>();
		try (RawCaller running = send(group, many, "running")) {
			stream.request();
			int count = 0;
			for (String[] next : new String[][] { { many, "a1" }, { many, "a2" }, { many, "a3" }, { few, "b1" } }) {
				waiting.add(send(group, next[0], next[1]));
				awaitWaiting(++count);
			}
			stream.end();
			running.readResponse();
			for (RawCaller each : waiting) {
				assertThat(each.readResponse().status()).isEqualTo(200);
				each.close();
			}
		}
		assertThat(this.upstream.requests().stream().map(KeyLimitTests::model)).containsExactly("running", "a1", "b1",
				"a2", "a3");
	}

	@Test
	void whoeverLeavesTheQueueHoldsNobodyUp() throws IOException {
		ScriptedStream stream = ScriptedStream.events();
		this.upstream.enqueue(stream);
		TestGroup group = spec(Map.of("concurrency", 1)).keys("sk-busy-key").create();
		try (RawCaller running = send(group, Gateway.ACCESS_KEY, "running")) {
			stream.request();
			RawCaller leaving = send(group, Gateway.ACCESS_KEY, "leaving");
			awaitWaiting(1);
			try (RawCaller staying = send(group, Gateway.ACCESS_KEY, "staying")) {
				awaitWaiting(2);
				leaving.close();
				awaitWaiting(1);
				stream.end();
				running.readResponse();
				assertThat(staying.readResponse().status()).isEqualTo(200);
			}
		}
		assertThat(this.upstream.requests().stream().map(KeyLimitTests::model)).containsExactly("running", "staying");
	}

	@Test
	void tokensThatWereNotUsedMakeRoom() throws IOException {
		TestGroup group = spec(Map.of("tokensPerMinute", 1500)).keys("sk-of-few-tokens").create();
		for (int i = 0; i < 3; i++) {
			Response answer = group.post("/v1/chat/completions",
					"{\"model\":\"m\",\"max_tokens\":1000,\"messages\":[]}");
			assertThat(answer.status()).isEqualTo(200);
		}
	}

	@Test
	void anotherMemberServesWhenTheKeysOfOneAreAtTheirLimits() throws IOException {
		TestGroup limited = spec(Map.of("requestsPerMinute", 1)).keys("sk-member-limited").create();
		TestGroup free = this.gateway.group("openai").upstream(this.upstream.url()).keys("sk-member-free").create();
		TestGroup aggregate = this.gateway.group("openai").member(limited, 1, 1).member(free, 1, 2).create();
		for (int i = 0; i < 3; i++) {
			assertThat(aggregate.chat().status()).isEqualTo(200);
		}
		assertThat(this.upstream.keys()).containsExactly("sk-member-limited", "sk-member-free", "sk-member-free");
	}

	private GroupSpec spec(Map<String, ?> eachKey) {
		return this.gateway.group("openai").upstream(this.upstream.url()).limits(Map.of("eachKey", eachKey));
	}

	private String accessKey() {
		int number = callers.incrementAndGet();
		String secret = "km-caller-in-a-queue-" + number;
		this.gateway.accessKey(Map.of("name", "queued-" + number, "key", secret));
		return secret;
	}

	private RawCaller send(TestGroup group, String accessKey, String model) throws IOException {
		byte[] body = "{\"model\":\"%s\",\"messages\":[]}".formatted(model).getBytes(StandardCharsets.UTF_8);
		return group.connect()
			.head(group.line("POST /v1/chat/completions"), "Authorization: Bearer " + accessKey,
					"Content-Type: application/json", "Content-Length: " + body.length)
			.send(body);
	}

	private void awaitWaiting(int requests) {
		Await.until(requests + " in the queue",
				() -> this.gateway.metrics().lines().anyMatch("keymux_key_queue %d.0".formatted(requests)::equals));
	}

	private static String model(ReceivedRequest request) {
		return request.json().get("model").asString();
	}

}
