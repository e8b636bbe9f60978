package io.keymux.gateway.contract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Gateway;
import io.keymux.gateway.testkit.GroupSpec;
import io.keymux.gateway.testkit.ReceivedRequest;
import io.keymux.gateway.testkit.Reply;
import io.keymux.gateway.testkit.ScriptedStream;
import io.keymux.gateway.testkit.ScriptedUpstream;
import io.keymux.gateway.testkit.TestGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * OpenAI's own Java client works through the gateway as it does without it.
 */
class OpenAiClientTests {

	private static final String CHAT = """
			{"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion","created":1741569952,
			"model":"gpt-4.1-2025-04-14","choices":[{"index":0,"message":{"role":"assistant",
			"content":"Hello! How can I assist you today?","refusal":null,"annotations":[]},"logprobs":null,
			"finish_reason":"stop"}],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,
			"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},
			"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,
			"rejected_prediction_tokens":0}},"service_tier":"default"}""";

	private static final String RESPONSE = """
			{"id":"resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b","object":"response","created_at":1741476542,
			"status":"completed","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,
			"model":"gpt-4.1-2025-04-14","output":[{"type":"message","id":"msg_67ccd2bf17f0819081ff3bb2cf6508e6",
			"status":"completed","role":"assistant","content":[{"type":"output_text","text":"In a peaceful grove",
			"annotations":[]}]}],"parallel_tool_calls":true,"previous_response_id":null,
			"reasoning":{"effort":null,"summary":null},"store":true,"temperature":1.0,
			"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled",
			"usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":0},"output_tokens":87,
			"output_tokens_details":{"reasoning_tokens":0},"total_tokens":123},"user":null,"metadata":{}}""";

	private static final String INVALID_REQUEST = """
			{"error":{"message":"Unsupported value: 'temperature'","type":"invalid_request_error",
			"param":"temperature","code":"unsupported_value"}}""";

	private static final String RATE_LIMITED = """
			{"error":{"message":"Rate limit reached for gpt-4.1","type":"requests","param":null,
			"code":"rate_limit_exceeded"}}""";

	private static final String SERVER_ERROR = """
			{"error":{"message":"The server had an error while processing your request","type":"server_error",
			"param":null,"code":null}}""";

	private final Gateway gateway = Gateway.running();

	private final ScriptedUpstream upstream = ScriptedUpstream.start();

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void completesAChat() {
		this.upstream.enqueue(Answer.json(200, CHAT));
		OpenAIClient client = client(group().create());
		ChatCompletion completion = client.chat().completions().create(chat());
		assertThat(completion.choices().getFirst().message().content()).hasValue("Hello! How can I assist you today?");
		assertThat(completion.usage().orElseThrow().totalTokens()).isEqualTo(29);
		ReceivedRequest request = this.upstream.take();
		assertThat(request.target()).isEqualTo("/v1/chat/completions");
		assertThat(request.key()).isEqualTo("sk-provider-1");
		assertThat(request.json().get("model").stringValue()).isEqualTo("gpt-4.1");
		assertThat(request.toString() + request.text()).doesNotContain(Gateway.ACCESS_KEY);
	}

	@Test
	void streamsAChatAsItArrives() {
		ScriptedStream stream = ScriptedStream.events().send(chatChunk("Hel", "null"));
		this.upstream.enqueue(stream);
		StringBuilder text = new StringBuilder();
		OpenAIClient client = client(group().create());
		try (StreamResponse<ChatCompletionChunk> chunks = client.chat().completions().createStreaming(chat())) {
			chunks.stream().forEach((chunk) -> {
				text.append(chunk.choices().getFirst().delta().content().orElse(""));
				if (text.toString().equals("Hel")) {
					stream.send(chatChunk("lo", "\"stop\"")).send("data: [DONE]\n\n").end();
				}
			});
		}
		assertThat(text).hasToString("Hello");
		assertThat(stream.request().json().get("stream").booleanValue()).isTrue();
	}

	@Test
	void breaksTheStreamItReadsWhenTheProviderBreaksOff() {
		ScriptedStream stream = ScriptedStream.events().send(chatChunk("Hel", "null")).cut();
		this.upstream.enqueue(stream);
		OpenAIClient client = client(group().create());
		try (StreamResponse<ChatCompletionChunk> chunks = client.chat().completions().createStreaming(chat())) {
			assertThatExceptionOfType(OpenAIException.class).isThrownBy(() -> chunks.stream().forEach((_) -> {
			}));
		}
	}

	@Test
	void createsAResponse() {
		this.upstream.enqueue(Answer.json(200, RESPONSE));
		OpenAIClient client = client(group().create());
		Response response = client.responses().create(response());
		assertThat(response.output().getFirst().asMessage().content().getFirst().asOutputText().text())
			.isEqualTo("In a peaceful grove");
		assertThat(this.upstream.take().target()).isEqualTo("/v1/responses");
	}

	@Test
	void streamsAResponse() {
		this.upstream.enqueue(Answer.events("""
				event: response.output_text.delta
				data: {"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,\
				"delta":"In a","sequence_number":1,"logprobs":[]}""", """
				event: response.output_text.delta
				data: {"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,\
				"delta":" grove","sequence_number":2,"logprobs":[]}""",
				"event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":3,\"response\":"
						+ RESPONSE.replace("\n", "") + "}"));
		OpenAIClient client = client(group().create());
		try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(response())) {
			List<ResponseStreamEvent> all = events.stream().toList();
			assertThat(all.stream().flatMap((event) -> event.outputTextDelta().stream()).map((delta) -> delta.delta()))
				.containsExactly("In a", " grove");
			assertThat(all.getLast().completed().orElseThrow().response().usage().orElseThrow().totalTokens())
				.isEqualTo(123);
		}
	}

	@Test
	void embeds() {
		this.upstream.enqueue(Answer.json(200, """
				{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.0023064255,-0.009327292]}],
				"model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}"""));
		OpenAIClient client = client(group().create());
		CreateEmbeddingResponse response = client.embeddings()
			.create(EmbeddingCreateParams.builder()
				.model("text-embedding-3-small")
				.input("The food was delicious")
				.encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
				.build());
		assertThat(response.data().getFirst().embedding()).containsExactly(0.0023064255f, -0.009327292f);
		assertThat(this.upstream.take().target()).isEqualTo("/v1/embeddings");
	}

	@Test
	void listsModels() {
		this.upstream.enqueue(Answer.json(200, """
				{"object":"list","data":[{"id":"gpt-4.1","object":"model","created":1744316542,"owned_by":"system"},
				{"id":"o3","object":"model","created":1744225308,"owned_by":"system"}]}"""));
		OpenAIClient client = client(group().create());
		assertThat(client.models().list().data().stream().map(Model::id)).containsExactly("gpt-4.1", "o3");
	}

	@Test
	void uploadsAFileWhoseBytesArriveIntact() {
		this.upstream.enqueue(Answer.json(200, """
				{"id":"file-abc123","object":"file","bytes":200000,"created_at":1677610602,"expires_at":1677614202,
				"filename":"blob.bin","purpose":"user_data","status":"processed"}"""));
		byte[] content = randomBytes(200_000);
		OpenAIClient client = client(group().create());
		FileObject file = client.files()
			.create(FileCreateParams.builder()
				.purpose(FilePurpose.USER_DATA)
				.file(MultipartField.<InputStream>builder()
					.value(new java.io.ByteArrayInputStream(content))
					.filename("blob.bin")
					.contentType("application/octet-stream")
					.build())
				.build());
		assertThat(file.id()).isEqualTo("file-abc123");
		ReceivedRequest request = this.upstream.take();
		assertThat(request.target()).isEqualTo("/v1/files");
		assertThat(request.key()).isEqualTo("sk-provider-1");
		assertThat(latin(request.body())).contains("filename=\"blob.bin\"", "user_data", latin(content));
	}

	@Test
	void transcribesAudio() {
		this.upstream.enqueue(Answer.json(200, "{\"text\":\"Imagine the wildest idea\"}"));
		byte[] audio = randomBytes(50_000);
		OpenAIClient client = client(group().create());
		assertThat(client.audio()
			.transcriptions()
			.create(TranscriptionCreateParams.builder().model("gpt-4o-transcribe").file(audio).build())
			.asTranscription()
			.text()).isEqualTo("Imagine the wildest idea");
		ReceivedRequest request = this.upstream.take();
		assertThat(request.target()).isEqualTo("/v1/audio/transcriptions");
		assertThat(request.header("Content-Type")).startsWith("multipart/form-data; boundary=");
		assertThat(latin(request.body())).contains("gpt-4o-transcribe", latin(audio));
	}

	@Test
	void downloadsSpeechByteForByte() throws IOException {
		byte[] audio = randomBytes(300_000);
		this.upstream.enqueue(Reply.of(200).header("Content-Type", "audio/mpeg").body(audio));
		OpenAIClient client = client(group().create());
		try (HttpResponse response = client.audio()
			.speech()
			.create(SpeechCreateParams.builder().model("tts-1").voice("alloy").input("Hello").build());
				InputStream body = response.body()) {
			assertThat(response.headers().values("Content-Type")).containsExactly("audio/mpeg");
			assertThat(body.readAllBytes()).isEqualTo(audio);
		}
	}

	@Test
	void raisesUnauthorizedForAWrongAccessKey() {
		assertRefused(client(group().create(), "km-nobody"), UnauthorizedException.class, 401, "invalid_access_key");
		assertThat(this.upstream.requests()).isEmpty();
	}

	@Test
	void raisesUnauthorizedForTheAdminKeyToo() {
		assertRefused(client(group().create(), "admin-key-of-the-tests"), UnauthorizedException.class, 401,
				"invalid_access_key");
	}

	@Test
	void raisesPermissionDeniedForAGroupOutOfBounds() {
		TestGroup allowed = group().create();
		TestGroup forbidden = group().create();
		this.gateway.accessKey(Map.of("name", allowed.name(), "key", "km-only-this-group-" + allowed.name(), "groups",
				List.of(allowed.name())));
		assertRefused(client(forbidden, "km-only-this-group-" + allowed.name()), PermissionDeniedException.class, 403,
				"access_denied");
	}

	@Test
	void raisesPermissionDeniedForAModelOutOfBounds() {
		TestGroup group = group().create();
		this.gateway.accessKey(Map.of("name", group.name(), "key", "km-only-mini-models-" + group.name(), "models",
				List.of("*-mini")));
		assertRefused(client(group, "km-only-mini-models-" + group.name()), PermissionDeniedException.class, 403,
				"access_denied");
		assertThat(this.upstream.requests()).isEmpty();
	}

	@Test
	void raisesPermissionDeniedForAnExpiredAccessKey() {
		TestGroup group = group().create();
		this.gateway.accessKey(Map.of("name", group.name(), "key", "km-expired-long-ago-" + group.name(), "expiresAt",
				Instant.parse("2024-01-01T00:00:00Z").toString()));
		assertRefused(client(group, "km-expired-long-ago-" + group.name()), PermissionDeniedException.class, 403,
				"access_denied");
	}

	@Test
	void raisesNotFoundForAnUnknownGroup() {
		assertRefused(client(new TestGroup(this.gateway, "nowhere")), NotFoundException.class, 404, "group_not_found");
	}

	@Test
	void raisesNotFoundForADisabledGroup() {
		assertRefused(client(group().disabled().create()), NotFoundException.class, 404, "group_not_found");
	}

	@Test
	void raisesServerErrorWhenNoKeyIsLeft() {
		TestGroup group = this.gateway.group("openai").upstream(this.upstream.url()).create();
		assertRefused(client(group), InternalServerException.class, 503, "key_pool_exhausted");
	}

	@Test
	void saysWhenTheFirstKeyIsBack() {
		this.upstream.enqueue(Answer.json(429, RATE_LIMITED).header("Retry-After", "60"));
		TestGroup group = group().create();
		assertRefused(client(group), RateLimitException.class, 429, "rate_limit_exceeded");
		OpenAIServiceException refusal = assertRefused(client(group), InternalServerException.class, 503,
				"key_pool_exhausted");
		assertThat(Integer.parseInt(refusal.headers().values("Retry-After").getFirst())).isBetween(50, 60);
	}

	@Test
	void raisesBadRequestWithTheProvidersOwnWords() {
		this.upstream.enqueue(Answer.json(400, INVALID_REQUEST));
		OpenAIServiceException error = assertRefused(client(group().create()), BadRequestException.class, 400,
				"unsupported_value");
		assertThat(error.param()).hasValue("temperature");
		assertThat(this.upstream.requests()).hasSize(1);
	}

	@Test
	void raisesRateLimitOfTheProviderWithoutItsLimits() {
		this.upstream.enqueue(
				Answer.json(429, RATE_LIMITED).header("Retry-After", "7").header("x-ratelimit-limit-requests", "60"));
		OpenAIServiceException error = assertRefused(client(group().create()), RateLimitException.class, 429,
				"rate_limit_exceeded");
		assertThat(error.headers().values("Retry-After")).containsExactly("7");
		assertThat(error.headers().values("x-ratelimit-limit-requests")).isEmpty();
	}

	@Test
	void raisesServerErrorWithTheProvidersLastAnswer() {
		this.upstream.answer((_) -> Answer.json(500, SERVER_ERROR));
		OpenAIClient client = client(group().setting("max-attempts", "2").create());
		assertThatExceptionOfType(InternalServerException.class)
			.isThrownBy(() -> client.chat().completions().create(chat()))
			.satisfies((error) -> {
				assertThat(error.statusCode()).isEqualTo(500);
				assertThat(error.type()).hasValue("server_error");
				assertThat(error.headers().values("x-keymux-attempts")).containsExactly("2");
			});
		assertThat(this.upstream.requests()).hasSize(2);
	}

	@Test
	void speaksToGeminisOpenAiPathsToo() {
		this.upstream.enqueue(Answer.json(200, CHAT));
		TestGroup group = this.gateway.group("gemini").upstream(this.upstream.url()).keys("AIza-provider").create();
		OpenAIClient client = client(group.url() + "/v1beta/openai", Gateway.ACCESS_KEY);
		assertThat(client.chat().completions().create(chat()).choices()).hasSize(1);
		ReceivedRequest request = this.upstream.take();
		assertThat(request.target()).isEqualTo("/v1beta/openai/chat/completions");
		assertThat(request.header("Authorization")).isEqualTo("Bearer AIza-provider");
	}

	private GroupSpec group() {
		return this.gateway.group("openai").upstream(this.upstream.url()).keys("sk-provider-1");
	}

	private OpenAIClient client(TestGroup group) {
		return client(group, Gateway.ACCESS_KEY);
	}

	private OpenAIClient client(TestGroup group, String accessKey) {
		return client(group.url() + "/v1", accessKey);
	}

	private OpenAIClient client(String url, String accessKey) {
		return OpenAIOkHttpClient.builder().baseUrl(url).apiKey(accessKey).maxRetries(0).build();
	}

	private static ChatCompletionCreateParams chat() {
		return ChatCompletionCreateParams.builder().model("gpt-4.1").addUserMessage("Hello!").build();
	}

	private static ResponseCreateParams response() {
		return ResponseCreateParams.builder().model("gpt-4.1").input("Tell me a story").build();
	}

	private static String chatChunk(String content, String finishReason) {
		return """
				data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4.1",\
				"choices":[{"index":0,"delta":{"content":"%s"},"logprobs":null,"finish_reason":%s}]}

				""".formatted(content, finishReason);
	}

	private <E extends OpenAIServiceException> E assertRefused(OpenAIClient client, Class<E> type, int status,
			String code) {
		try {
			client.chat().completions().create(chat());
		}
		catch (OpenAIServiceException ex) {
			assertThat(ex).isInstanceOf(type);
			assertThat(ex.statusCode()).isEqualTo(status);
			assertThat(ex.code()).hasValue(code);
			assertThat(ex.headers().values("x-request-id")).isNotEmpty();
			return type.cast(ex);
		}
		throw new AssertionError("answered where %s was due".formatted(type));
	}

	private static byte[] randomBytes(int size) {
		byte[] bytes = new byte[size];
		new Random(42).nextBytes(bytes);
		return bytes;
	}

	private static String latin(byte[] bytes) {
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

}
