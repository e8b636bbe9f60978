package io.keymux.gateway.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.ClientException;
import com.google.genai.errors.GenAiIOException;
import com.google.genai.errors.ServerException;
import com.google.genai.types.EmbedContentConfig;
import com.google.genai.types.EmbedContentResponse;
import com.google.genai.types.File;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.ListModelsConfig;
import com.google.genai.types.Model;
import com.google.genai.types.UploadFileConfig;
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
 * Google's own Java client works through the gateway as it does without it.
 */
class GeminiClientTests {

	private final Gateway gateway = Gateway.running();

	private final ScriptedUpstream upstream = ScriptedUpstream.start();

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void generatesContent() {
		this.upstream.enqueue(Answer.json(200, content("Hello there", "STOP")));
		try (Client client = client(group().create())) {
			GenerateContentResponse response = client.models.generateContent("gemini-2.5-flash", "Hello",
					GenerateContentConfig.builder().build());
			assertThat(response.text()).isEqualTo("Hello there");
			assertThat(response.usageMetadata().orElseThrow().totalTokenCount()).hasValue(12);
		}
		ReceivedRequest request = this.upstream.take();
		assertThat(request.target()).isEqualTo("/v1beta/models/gemini-2.5-flash:generateContent");
		assertThat(request.headers("x-goog-api-key")).containsExactly("AIza-provider-1");
		assertThat(request.toString() + request.text()).doesNotContain(Gateway.ACCESS_KEY);
	}

	/** The client reads one event ahead, so this cannot go step by step. */
	@Test
	void streamsContent() {
		ScriptedStream stream = ScriptedStream.events()
			.send(event(content("Hel", "")))
			.send(event(content("lo", "STOP")))
			.end();
		this.upstream.enqueue(stream);
		StringBuilder text = new StringBuilder();
		try (Client client = client(group().create());
				ResponseStream<GenerateContentResponse> responses = client.models
					.generateContentStream("gemini-2.5-flash", "Hello", GenerateContentConfig.builder().build())) {
			responses.forEach((response) -> text.append(response.text()));
		}
		assertThat(text).hasToString("Hello");
		assertThat(stream.request().target())
			.isEqualTo("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
	}

	@Test
	void embeds() {
		this.upstream
			.enqueue(Answer.json(200, "{\"embeddings\":[{\"values\":[0.013168523,-0.008711934,-0.046782676]}]}"));
		try (Client client = client(group().create())) {
			EmbedContentResponse response = client.models.embedContent("gemini-embedding-001", "What is life?",
					EmbedContentConfig.builder().build());
			assertThat(response.embeddings().orElseThrow().getFirst().values().orElseThrow()).hasSize(3);
		}
		assertThat(this.upstream.take().target()).isEqualTo("/v1beta/models/gemini-embedding-001:batchEmbedContents");
	}

	@Test
	void listsModels() {
		this.upstream.enqueue(Answer.json(200, """
				{"models":[{"name":"models/gemini-2.5-flash","version":"001","displayName":"Gemini 2.5 Flash",
				"inputTokenLimit":1048576,"outputTokenLimit":65536,
				"supportedGenerationMethods":["generateContent","countTokens"]}]}"""));
		List<String> names = new ArrayList<>();
		try (Client client = client(group().create())) {
			for (Model model : client.models.list(ListModelsConfig.builder().pageSize(50).build())) {
				names.add(model.name().orElseThrow());
			}
		}
		assertThat(names).containsExactly("models/gemini-2.5-flash");
		assertThat(this.upstream.take().target()).startsWith("/v1beta/models?").contains("pageSize=50");
	}

	/**
	 * The provider names the address of the upload itself. Unless the gateway puts its
	 * own there, the client sends file and access key past the gateway to the provider.
	 */
	@Test
	void uploadsAFileThroughTheGateway() {
		byte[] content = new byte[100_000];
		new Random(42).nextBytes(content);
		this.upstream.answer((request) -> {
			if (!request.target().contains("upload_id=")) {
				return Reply.of(200)
					.header("x-goog-upload-status", "active")
					.header("x-goog-upload-url",
							this.upstream.url() + "/upload/v1beta/files?upload_id=AEnB2Uq&upload_protocol=resumable")
					.body("");
			}
			return Answer.json(200, """
					{"file":{"name":"files/abc-123","mimeType":"application/pdf","sizeBytes":"100000",
					"uri":"https://generativelanguage.googleapis.com/v1beta/files/abc-123","state":"ACTIVE"}}""")
				.header("x-goog-upload-status", "final");
		});
		try (Client client = client(group().create())) {
			File file = client.files.upload(content, UploadFileConfig.builder().mimeType("application/pdf").build());
			assertThat(file.name()).hasValue("files/abc-123");
		}
		ReceivedRequest begin = this.upstream.take();
		assertThat(begin.target()).startsWith("/upload/v1beta/files");
		assertThat(begin.header("x-goog-upload-command")).isEqualTo("start");
		ReceivedRequest upload = this.upstream.take();
		assertThat(upload.target()).isEqualTo("/upload/v1beta/files?upload_id=AEnB2Uq&upload_protocol=resumable");
		assertThat(upload.body()).isEqualTo(content);
		assertThat(this.upstream.keys()).containsExactly("AIza-provider-1", "AIza-provider-1");
	}

	@Test
	void raisesClientExceptionForAWrongAccessKey() {
		assertRefused(client(group().create(), "km-nobody"), ClientException.class, 401, "UNAUTHENTICATED");
		assertThat(this.upstream.requests()).isEmpty();
	}

	@Test
	void raisesClientExceptionForAGroupOutOfBounds() {
		TestGroup allowed = group().create();
		this.gateway.accessKey(Map.of("name", allowed.name(), "key", "km-only-this-group-" + allowed.name(), "groups",
				List.of(allowed.name())));
		assertRefused(client(group().create(), "km-only-this-group-" + allowed.name()), ClientException.class, 403,
				"PERMISSION_DENIED");
	}

	@Test
	void raisesClientExceptionInItsShapeForADisabledGroup() {
		assertRefused(client(group().disabled().create()), ClientException.class, 404, "NOT_FOUND");
	}

	@Test
	void raisesServerExceptionWhenNoKeyIsLeft() {
		TestGroup group = this.gateway.group("gemini").upstream(this.upstream.url()).create();
		assertRefused(client(group), ServerException.class, 503, "UNAVAILABLE");
	}

	@Test
	void raisesClientExceptionWithTheProvidersOwnWords() {
		this.upstream.enqueue(Answer.json(400, error(400, "Invalid JSON payload received", "INVALID_ARGUMENT")));
		ApiException error = assertRefused(client(group().create()), ClientException.class, 400, "INVALID_ARGUMENT");
		assertThat(error.message()).isEqualTo("Invalid JSON payload received");
	}

	@Test
	void raisesClientExceptionWhenTheOnlyKeyIsThrottled() {
		this.upstream.enqueue(Answer.json(429, error(429, "You exceeded your current quota", "RESOURCE_EXHAUSTED")));
		assertRefused(client(group().create()), ClientException.class, 429, "RESOURCE_EXHAUSTED");
	}

	@Test
	void raisesServerExceptionWithTheProvidersLastAnswer() {
		this.upstream.answer((_) -> Answer.json(503, error(503, "The model is overloaded", "UNAVAILABLE")));
		ApiException error = assertRefused(client(group().setting("max-attempts", "2").create()), ServerException.class,
				503, "UNAVAILABLE");
		assertThat(error.message()).isEqualTo("The model is overloaded");
		assertThat(this.upstream.requests()).hasSize(2);
	}

	@Test
	void raisesAnInputErrorWhenTheProviderBreaksOff() {
		this.upstream.enqueue(ScriptedStream.events().send(event(content("Hel", ""))).cut());
		try (Client client = client(group().create());
				ResponseStream<GenerateContentResponse> responses = client.models
					.generateContentStream("gemini-2.5-flash", "Hello", GenerateContentConfig.builder().build())) {
			assertThatExceptionOfType(GenAiIOException.class)
				.isThrownBy(() -> responses.iterator().forEachRemaining((_) -> {
				}));
		}
	}

	private GroupSpec group() {
		return this.gateway.group("gemini").upstream(this.upstream.url()).keys("AIza-provider-1");
	}

	private static Client client(TestGroup group) {
		return client(group, Gateway.ACCESS_KEY);
	}

	private static Client client(TestGroup group, String accessKey) {
		return Client.builder()
			.apiKey(accessKey)
			.httpOptions(HttpOptions.builder()
				.baseUrl(group.url())
				.retryOptions(HttpRetryOptions.builder().attempts(1).build())
				.build())
			.build();
	}

	private static String content(String text, String finishReason) {
		return """
				{"candidates":[{"content":{"parts":[{"text":"%s"}],"role":"model"}%s,"index":0}],\
				"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":8,"totalTokenCount":12,\
				"promptTokensDetails":[{"modality":"TEXT","tokenCount":4}]},"modelVersion":"gemini-2.5-flash",\
				"responseId":"mNbQaJXCBpqjkdUP"}""".formatted(text,
				finishReason.isEmpty() ? "" : ",\"finishReason\":\"" + finishReason + "\"");
	}

	private static String event(String json) {
		return "data: " + json + "\r\n\r\n";
	}

	private static String error(int code, String message, String status) {
		return """
				{"error":{"code":%d,"message":"%s","status":"%s"}}""".formatted(code, message, status);
	}

	private static ApiException assertRefused(Client client, Class<? extends ApiException> type, int code,
			String status) {
		try (client) {
			client.models.generateContent("gemini-2.5-flash", "Hello", GenerateContentConfig.builder().build());
		}
		catch (ApiException ex) {
			assertThat(ex).isInstanceOf(type);
			assertThat(ex.code()).isEqualTo(code);
			assertThat(ex.status()).isEqualTo(status);
			return ex;
		}
		throw new AssertionError("answered where %s was due".formatted(type));
	}

}
