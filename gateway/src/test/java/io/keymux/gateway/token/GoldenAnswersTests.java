package io.keymux.gateway.token;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Answers as the providers' documentation shows them, each read whole, byte by byte, cut
 * in two at every place, and packed: always the same tokens.
 */
class GoldenAnswersTests {

	private static final String JSON = "application/json";

	private static final String SSE = "text/event-stream; charset=utf-8";

	static Stream<Golden> answers() {
		return Stream.of(
				golden("OpenAI chat", JSON, tokens(1117, 46, 1024, 0, 12), "gpt-5-2025-08-07",
						"""
								{"id":"chatcmpl-1","object":"chat.completion","created":1741569952,"model":"gpt-5-2025-08-07",
								 "choices":[{"index":0,"message":{"role":"assistant","content":"He said: {\\"usage\\":{\\"prompt_tokens\\":9}}",
								 "refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],
								 "usage":{"prompt_tokens":1117,"completion_tokens":46,"total_tokens":1163,
								 "prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0},
								 "completion_tokens_details":{"reasoning_tokens":12,"audio_tokens":0,"accepted_prediction_tokens":0}},
								 "service_tier":"default"}
								"""),
				golden("OpenAI chat with a tool call that speaks of usage", JSON, tokens(82, 17, 0, 0, 0), "gpt-4o",
						"""
								{"model":"gpt-4o","choices":[{"message":{"role":"assistant","content":null,"usage":{"prompt_tokens":1},
								 "tool_calls":[{"id":"call_1","type":"function","function":{"name":"report",
								 "arguments":"{\\"model\\":\\"x\\",\\"usage\\":{\\"completion_tokens\\":99}}"}}]}}],
								 "usage":{"prompt_tokens":82,"completion_tokens":17,"total_tokens":99}}
								"""),
				golden("OpenAI chat stream with include_usage", SSE, tokens(19, 3, 0, 0, 0), "gpt-4o-mini-2024-07-18",
						"""
								data: {"id":"c","object":"chat.completion.chunk","model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{"role":"assistant","content":""}}],"usage":null}

								data: {"id":"c","object":"chat.completion.chunk","model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{"content":"data: \\n\\"usage\\""}}],"usage":null}

								data: {"id":"c","object":"chat.completion.chunk","model":"gpt-4o-mini-2024-07-18","choices":[],"usage":{"prompt_tokens":19,"completion_tokens":3,"total_tokens":22,"prompt_tokens_details":{"cached_tokens":0}}}

								data: [DONE]

								"""),
				golden("OpenAI chat stream without include_usage", SSE, null, "gpt-4o", """
						data: {"model":"gpt-4o","choices":[{"delta":{"content":"Hi"}}]}

						data: {"model":"gpt-4o","choices":[{"delta":{},"finish_reason":"stop"}]}

						data: [DONE]

						"""),
				golden("OpenAI responses", JSON, tokens(328, 52, 64, 0, 32), "gpt-5-mini",
						"""
								{"id":"resp_1","object":"response","status":"completed","error":null,"incomplete_details":null,
								 "model":"gpt-5-mini","output":[{"type":"reasoning","summary":[]},{"type":"message","content":[
								 {"type":"output_text","text":"A usage: {}","annotations":[]}]}],"text":{"format":{"type":"text"}},
								 "usage":{"input_tokens":328,"input_tokens_details":{"cached_tokens":64},"output_tokens":52,
								 "output_tokens_details":{"reasoning_tokens":32},"total_tokens":380},"user":null,"metadata":{}}
								"""),
				golden("OpenAI responses stream", SSE, tokens(37, 11, 0, 0, 4), "gpt-4.1-2025-04-14",
						"""
								event: response.created
								data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","error":null,"model":"gpt-4.1-2025-04-14","output":[],"usage":null}}

								event: response.output_text.delta
								data: {"type":"response.output_text.delta","item_id":"msg_1","delta":"Hello, {\\"response\\":{\\"usage\\":{\\"input_tokens\\":5}}}"}

								event: response.completed
								data: {"type":"response.completed","response":{"id":"resp_1","error":null,"model":"gpt-4.1-2025-04-14","output":[{"type":"message","content":[{"type":"output_text","text":"Hello"}]}],"usage":{"input_tokens":37,"output_tokens":11,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":48}}}

								"""),
				golden("OpenAI completion", JSON, tokens(5, 7, 0, 0, 0), "gpt-3.5-turbo-instruct",
						"""
								{"object":"text_completion","model":"gpt-3.5-turbo-instruct","choices":[{"text":"\\n\\nThis is a test","index":0}],
								 "usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}
								"""),
				golden("OpenAI embeddings", JSON, tokens(8, 0, 0, 0, 0), "text-embedding-3-small",
						"""
								{"object":"list","data":[{"object":"embedding","embedding":[0.0023064255,-0.009327292,1e-8],"index":0}],
								 "model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}
								"""),
				golden("OpenAI transcription", JSON, tokens(14, 45, 0, 0, 0), null,
						"""
								{"text":"Imagine the wildest idea","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":0,"audio_tokens":14},"output_tokens":45,"total_tokens":59}}
								"""),
				golden("OpenAI transcription stream", SSE, tokens(14, 31, 0, 0, 0), null,
						"""
								data: {"type":"transcript.text.delta","delta":"I"}

								data: {"type":"transcript.text.done","text":"I see","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"audio_tokens":14},"output_tokens":31,"total_tokens":45}}

								"""),
				golden("OpenAI speech stream", SSE, tokens(9, 210, 0, 0, 0), null,
						"""
								data: {"type":"speech.audio.delta","audio":"UklGRg=="}

								data: {"type":"speech.audio.done","usage":{"input_tokens":9,"output_tokens":210,"total_tokens":219}}

								"""),
				golden("OpenAI image", JSON, tokens(50, 4160, 0, 0, 0), null,
						"""
								{"created":1713833628,"data":[{"b64_json":"iVBORw0KGgo="}],"background":"opaque","usage":{"total_tokens":4210,"input_tokens":50,"output_tokens":4160,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}
								"""),
				golden("OpenAI image stream", SSE, tokens(13, 272, 0, 0, 0), null,
						"""
								event: image_generation.partial_image
								data: {"type":"image_generation.partial_image","b64_json":"iVBO","partial_image_index":0}

								event: image_generation.completed
								data: {"type":"image_generation.completed","b64_json":"iVBO","usage":{"total_tokens":285,"input_tokens":13,"output_tokens":272,"input_tokens_details":{"text_tokens":13}}}

								"""),
				golden("DeepSeek", JSON, tokens(100, 20, 64, 0, 5), "deepseek-reasoner",
						"""
								{"model":"deepseek-reasoner","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36,"completion_tokens_details":{"reasoning_tokens":5}}}
								"""),
				golden("xAI, whose completion is without the reasoning", JSON, tokens(32, 158, 6, 0, 149), "grok-4",
						"""
								{"model":"grok-4","choices":[],"usage":{"prompt_tokens":32,"completion_tokens":9,"total_tokens":190,"prompt_tokens_details":{"cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":149}}}
								"""),
				golden("Groq stream", SSE, tokens(12, 6, 0, 0, 0), "llama-3.3-70b",
						"""
								data: {"model":"llama-3.3-70b","choices":[{"delta":{"content":"x"}}],"x_groq":{"id":"req_1"}}

								data: {"model":"llama-3.3-70b","choices":[{"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"req_1","usage":{"queue_time":0.03,"prompt_tokens":12,"completion_tokens":6,"total_tokens":18}}}

								"""),
				golden("Anthropic", JSON, tokens(2095 + 1500 + 200, 503, 1500, 200, 0), "claude-sonnet-4-5-20250929",
						"""
								{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929",
								 "content":[{"type":"text","text":"Hi! \\"usage\\": {"}],"stop_reason":"end_turn","stop_sequence":null,
								 "usage":{"input_tokens":2095,"cache_creation_input_tokens":200,"cache_read_input_tokens":1500,
								 "cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":0},"output_tokens":503,
								 "service_tier":"standard"}}
								"""),
				golden("Anthropic stream", SSE, tokens(25 + 10 + 5, 89, 10, 5, 0), "claude-sonnet-4-5",
						"""
								event: message_start
								data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"claude-sonnet-4-5","stop_reason":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":5,"cache_read_input_tokens":10,"output_tokens":1}}}

								event: content_block_start
								data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"message","input":{}}}

								event: ping
								data: {"type": "ping"}

								event: content_block_delta
								data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\\"usage\\":{\\"output_tokens\\":7}}"}}

								event: message_delta
								data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":89}}

								event: message_stop
								data: {"type":"message_stop"}

								"""),
				golden("Gemini", JSON, tokens(10, 20 + 30, 4, 0, 30), "gemini-2.5-flash",
						"""
								{"candidates":[{"content":{"parts":[{"text":"usageMetadata"}],"role":"model"},"finishReason":"STOP"}],
								 "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":20,"totalTokenCount":60,"cachedContentTokenCount":4,
								 "promptTokensDetails":[{"modality":"TEXT","tokenCount":10}],"thoughtsTokenCount":30},
								 "modelVersion":"gemini-2.5-flash","responseId":"abc"}
								"""),
				golden("Gemini stream as events", SSE, tokens(6, 17, 0, 0, 0), "gemini-2.0-flash",
						"""
								data: {"candidates":[{"content":{"parts":[{"text":"Hel"}],"role":"model"}}],"usageMetadata":{"promptTokenCount":6,"totalTokenCount":6},"modelVersion":"gemini-2.0-flash"}

								data: {"candidates":[{"content":{"parts":[{"text":"lo"}],"role":"model"},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":6,"candidatesTokenCount":17,"totalTokenCount":23},"modelVersion":"gemini-2.0-flash"}

								"""
							.replace("\n", "\r\n")),
				golden("Gemini stream as an array", JSON, tokens(7 + 12, 5, 0, 0, 0), "gemini-2.0-flash",
						"""
								[{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":7},"modelVersion":"gemini-2.0-flash"}
								,
								{"candidates":[],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":5,"toolUsePromptTokenCount":12,"totalTokenCount":24},"modelVersion":"gemini-2.0-flash"}
								]
								"""),
				golden("a stream with comments, carriage returns and no spaces", SSE, tokens(3, 4, 0, 0, 0), "m", """
						: OPENROUTER PROCESSING

						id: 1
						data:{"model":"m","choices":[]}

						retry: 10
						data:{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}

						data:[DONE]

						""".replace('\n', '\r')));
	}

	@ParameterizedTest
	@MethodSource("answers")
	void tellsTheTokensHoweverTheBytesArrive(Golden golden) {
		byte[] bytes = golden.bytes();
		assertThat(read(golden, "", bytes, bytes.length)).as("whole").isEqualTo(golden.told());
		assertThat(read(golden, "", bytes, 1)).as("byte by byte").isEqualTo(golden.told());
		for (int cut = 1; cut < bytes.length; cut++) {
			assertThat(readInTwo(golden, bytes, cut)).as("cut at %d", cut).isEqualTo(golden.told());
		}
	}

	@ParameterizedTest
	@MethodSource("answers")
	void tellsTheTokensOfPackedBytes(Golden golden) throws IOException {
		ByteArrayOutputStream gzip = new ByteArrayOutputStream();
		pack(new GZIPOutputStream(gzip, true), golden);
		ByteArrayOutputStream deflate = new ByteArrayOutputStream();
		pack(new DeflaterOutputStream(deflate, true), golden);
		for (int step : new int[] { 1, 2, 7, 4096 }) {
			assertThat(read(golden, "gzip", gzip.toByteArray(), step)).as("gzip").isEqualTo(golden.told());
			assertThat(read(golden, "deflate", deflate.toByteArray(), step)).as("deflate").isEqualTo(golden.told());
		}
	}

	@Test
	void knowsThatAnAnthropicStreamWasCutBeforeItsOutputWasTold() {
		Golden cut = golden("cut", SSE, null, null,
				"""
						event: message_start
						data: {"type":"message_start","message":{"model":"claude-sonnet-4-5","usage":{"input_tokens":25,"cache_read_input_tokens":10,"cache_creation_input_tokens":0,"output_tokens":1}}}

						event: content_block_delta
						data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

						""");
		AnswerFacts facts = facts(cut, "", cut.bytes(), 5);
		assertThat(facts.partial()).isTrue();
		assertThat(facts.usage()).isEqualTo(tokens(35, 1, 10, 0, 0));
	}

	@Test
	void tellsAnErrorWithinAStream() {
		Golden anthropic = golden("error", SSE, null, null, """
				event: error
				data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}

				""");
		assertThat(facts(anthropic, "", anthropic.bytes(), 3)).satisfies((facts) -> {
			assertThat(facts.error()).isEqualTo("overloaded_error");
			assertThat(facts.errorMessage()).isEqualTo("Overloaded");
		});
		Golden responses = golden("error", SSE, null, null,
				"""
						data: {"type":"response.failed","response":{"error":{"code":"server_error","message":"The model failed"},"usage":null}}

						""");
		assertThat(facts(responses, "", responses.bytes(), 3).error()).isEqualTo("server_error");
	}

	@Test
	void addsUpTheAnswersOfALiveConversation() {
		try (AnswerReader reader = AnswerReader.ofFrames()) {
			reader.frame(utf8("{\"type\":\"session.created\",\"session\":{\"model\":\"gpt-realtime\"}}"));
			reader.frame(utf8("{\"type\":\"response.created\",\"response\":{\"usage\":null}}"));
			for (int i = 0; i < 2; i++) {
				reader.frame(utf8("{\"type\":\"response.done\",\"response\":{\"usage\":{\"total_tokens\":253,"
						+ "\"input_tokens\":132,\"output_tokens\":121,\"input_token_details\":{\"cached_tokens\":64}}}}"));
			}
			assertThat(reader.facts().usage()).isEqualTo(tokens(264, 242, 128, 0, 0));
		}
	}

	@Test
	void takesNothingFromWhatCannotBeRead() {
		byte[] bytes = utf8("{\"usage\":{\"prompt_tokens\":1}}");
		assertThat(facts(golden("", JSON, null, null, ""), "br", bytes, 1).usage()).isNull();
		assertThat(facts(golden("", "audio/mpeg", null, null, ""), "", bytes, 1).usage()).isNull();
		assertThat(facts(golden("", JSON, null, null, ""), "gzip", bytes, 1).usage()).isNull();
	}

	private static Told read(Golden golden, String encoding, byte[] bytes, int step) {
		AnswerFacts facts = facts(golden, encoding, bytes, step);
		return new Told(facts.usage(), facts.model());
	}

	private static AnswerFacts facts(Golden golden, String encoding, byte[] bytes, int step) {
		try (AnswerReader reader = AnswerReader.of(golden.contentType(), encoding)) {
			for (int from = 0; from < bytes.length; from += step) {
				reader.read(bytes, from, Math.min(bytes.length, from + step));
			}
			return reader.facts();
		}
	}

	private static Told readInTwo(Golden golden, byte[] bytes, int cut) {
		try (AnswerReader reader = AnswerReader.of(golden.contentType(), "")) {
			reader.read(bytes, 0, cut);
			reader.read(bytes, cut, bytes.length);
			AnswerFacts facts = reader.facts();
			return new Told(facts.usage(), facts.model());
		}
	}

	private static void pack(OutputStream packing, Golden golden) throws IOException {
		try (packing) {
			packing.write(golden.bytes());
		}
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static TokenUsage tokens(long input, long output, long cached, long cacheWritten, long reasoning) {
		return new TokenUsage(input, output, cached, cacheWritten, reasoning);
	}

	private static Golden golden(String name, String contentType, @Nullable TokenUsage usage, @Nullable String model,
			String body) {
		return new Golden(name, contentType, new Told(usage, model), utf8(body));
	}

	/** An answer and what it tells. */
	private record Golden(String name, String contentType, Told told, byte[] bytes) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	private record Told(@Nullable TokenUsage usage, @Nullable String model) {
	}

}
