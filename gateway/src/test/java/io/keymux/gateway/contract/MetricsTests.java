package io.keymux.gateway.contract;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.Gateway;
import io.keymux.gateway.testkit.RawCaller;
import io.keymux.gateway.testkit.ScriptedUpstream;
import io.keymux.gateway.testkit.TestGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What metrics say of requests, and what they must not say. */
class MetricsTests {

	private static final String ANSWER = """
			{"model":"m","choices":[],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29}}""";

	private final Gateway gateway = Gateway.running();

	private final ScriptedUpstream upstream = ScriptedUpstream.start().answer((_) -> Answer.json(200, ANSWER));

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void measuresRequestsTokensAndAttempts() throws IOException {
		TestGroup group = group("sk-one-of-two", "sk-two-of-two");
		this.upstream.enqueue(Answer.json(429, "{}"));
		String series = "{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\",gen_ai_request_model=\"gpt-metrics\"";
		group.chat("gpt-metrics");
		Await.until("the request", () -> this.gateway.metrics().contains("gen_ai_client_token_usage_sum" + series));
		List<String> lines = this.gateway.metrics().lines().toList();
		assertThat(lines).contains("gen_ai_client_token_usage_sum" + series + ",gen_ai_token_type=\"input\"} 19.0",
				"gen_ai_client_token_usage_sum" + series + ",gen_ai_token_type=\"output\"} 10.0",
				"keymux_attempts_total{group=\"%s\",outcome=\"throttled\",provider=\"openai\"} 1.0"
					.formatted(group.name()),
				"keymux_attempts_total{group=\"%s\",outcome=\"accepted\",provider=\"openai\"} 1.0"
					.formatted(group.name()));
		assertThat(lines)
			.anyMatch((line) -> line.startsWith("gen_ai_client_operation_duration_seconds_bucket{error_type="));
		Await.until("the pool", () -> this.gateway.metrics()
			.contains("keymux_key_pool{group=\"%s\",state=\"cooling\"} 1.0".formatted(group.name())));
		assertThat(lines).anyMatch((line) -> line.startsWith("keymux_snapshot_revision{"))
			.anyMatch((line) -> line.startsWith("keymux_records_buffered "))
			.anyMatch((line) -> line.startsWith("keymux_records_dropped_total{kind=\"record\"}"));
	}

	@Test
	void makesNoSeriesOfWhatACallerMakesUp() throws IOException {
		TestGroup group = group("sk-one");
		String made = "made-up-model";
		this.upstream.answer((_) -> Answer.json(404, "{\"error\":{\"message\":\"no such model\"}}"));
		for (int i = 0; i < 5; i++) {
			group.chat(made + i);
		}
		try (RawCaller stranger = group.connect()) {
			stranger.head("GET " + group.path() + "/" + made, "Authorization: Bearer " + made).readResponse();
		}
		String rejected = "gen_ai_request_model=\"other\"";
		Await.until("the requests",
				() -> counted("gen_ai_client_operation_duration_seconds_count", "caller-rejected", rejected) >= 5);
		assertThat(this.gateway.metrics()).doesNotContain(made)
			.doesNotContain(Gateway.ACCESS_KEY)
			.doesNotContain("sk-one")
			.contains("keymux_refusals_total{code=\"invalid_access_key\"}");
	}

	private double counted(String name, String... parts) {
		return this.gateway.metrics()
			.lines()
			.filter((line) -> line.startsWith(name) && Stream.of(parts).allMatch(line::contains))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
			.sum();
	}

	private TestGroup group(String... keys) {
		return this.gateway.group("openai").upstream(this.upstream.url()).keys(keys).create();
	}

}
