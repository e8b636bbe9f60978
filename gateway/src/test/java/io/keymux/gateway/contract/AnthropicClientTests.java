package io.keymux.gateway.contract;

import java.util.List;
import java.util.Map;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.models.ModelInfo;
import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Gateway;
import io.keymux.gateway.testkit.GroupSpec;
import io.keymux.gateway.testkit.ReceivedRequest;
import io.keymux.gateway.testkit.ScriptedStream;
import io.keymux.gateway.testkit.ScriptedUpstream;
import io.keymux.gateway.testkit.TestGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Anthropic's own Java client works through the gateway as it does without it.
 */
class AnthropicClientTests {

	private static final String MESSAGE = """
			{"id":"msg_013Zva2CMHLNnXjNJJKqJ2EF","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929",
			"content":[{"type":"text","text":"Hi! My name is Claude.","citations":null}],"stop_reason":"end_turn",
			"stop_sequence":null,"usage":{"input_tokens":2095,"output_tokens":503,"cache_creation_input_tokens":0,
			"cache_read_input_tokens":0,"service_tier":"standard"}}""";

	private static final String START = """
			event: message_start
			data: {"type":"message_start","message":{"id":"msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY","type":"message",\
			"role":"assistant","content":[],"model":"claude-sonnet-4-5-20250929","stop_reason":null,\
			"stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":1}}}

			event: content_block_start
			data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

			event: ping
			data: {"type":"ping"}

			""";

	private static final String STOP = """
			event: content_block_stop
			data: {"type":"content_block_stop","index":0}

			event: message_delta
			data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
			"usage":{"output_tokens":15}}

			event: message_stop
			data: {"type":"message_stop"}

			""";

	private final Gateway gateway = Gateway.running();

	private final ScriptedUpstream upstream = ScriptedUpstream.start();

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void createsAMessage() {
		this.upstream.enqueue(Answer.json(200, MESSAGE));
		AnthropicClient client = client(group().create());
		Message message = client.messages().create(message());
		assertThat(message.content().getFirst().asText().text()).isEqualTo("Hi! My name is Claude.");
		assertThat(message.usage().outputTokens()).isEqualTo(503);
		ReceivedRequest request = this.upstream.take();
		assertThat(request.target()).isEqualTo("/v1/messages");
		assertThat(request.headers("x-api-key")).containsExactly("sk-ant-provider-1");
		assertThat(request.headers("anthropic-version")).hasSize(1);
		assertThat(request.toString() + request.text()).doesNotContain(Gateway.ACCESS_KEY);
	}

	@Test
	void keepsTheVersionAndBetasTheCallerNames() {
		this.upstream.enqueue(Answer.json(200, MESSAGE));
		TestGroup group = group().create();
		AnthropicClient client = AnthropicOkHttpClient.builder()
			.baseUrl(group.url())
			.apiKey(Gateway.ACCESS_KEY)
			.replaceHeaders("anthropic-version", "2023-01-01")
			.putHeader("anthropic-beta", "files-api-2025-04-14")
			.maxRetries(0)
			.build();
		client.messages().create(message());
		ReceivedRequest request = this.upstream.take();
		assertThat(request.headers("anthropic-version")).containsExactly("2023-01-01");
		assertThat(request.headers("anthropic-beta")).containsExactly("files-api-2025-04-14");
	}

	@Test
	void takesAnAuthTokenAsWell() {
		this.upstream.enqueue(Answer.json(200, MESSAGE));
		TestGroup group = group().create();
		AnthropicClient client = AnthropicOkHttpClient.builder()
			.baseUrl(group.url())
			.authToken(Gateway.ACCESS_KEY)
			.maxRetries(0)
			.build();
		client.messages().create(message());
		ReceivedRequest request = this.upstream.take();
		assertThat(request.headers("x-api-key")).containsExactly("sk-ant-provider-1");
		assertThat(request.headers("Authorization")).isEmpty();
	}

	@Test
	void streamsAMessageAsItArrives() {
		ScriptedStream stream = ScriptedStream.events().send(START).send(delta("Hel"));
		this.upstream.enqueue(stream);
		StringBuilder text = new StringBuilder();
		AnthropicClient client = client(group().create());
		try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(message())) {
			events.stream().forEach((event) -> {
				String before = text.toString();
				event.contentBlockDelta()
					.flatMap((delta) -> delta.delta().text())
					.ifPresent((delta) -> text.append(delta.text()));
				if (before.isEmpty() && text.toString().equals("Hel")) {
					stream.send(delta("lo")).send(STOP).end();
				}
			});
		}
		assertThat(text).hasToString("Hello");
	}

	@Test
	void breaksTheStreamItReadsWhenTheProviderBreaksOff() {
		this.upstream.enqueue(ScriptedStream.events().send(START).send(delta("Hel")).cut());
		AnthropicClient client = client(group().create());
		try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(message())) {
			assertThatExceptionOfType(AnthropicException.class).isThrownBy(() -> events.stream().forEach((_) -> {
			}));
		}
	}

	@Test
	void countsTokens() {
		this.upstream.enqueue(Answer.json(200, "{\"input_tokens\":2095}"));
		AnthropicClient client = client(group().create());
		assertThat(client.messages()
			.countTokens(MessageCountTokensParams.builder().model("claude-sonnet-4-5").addUserMessage("Hello").build())
			.inputTokens()).isEqualTo(2095);
		assertThat(this.upstream.take().target()).isEqualTo("/v1/messages/count_tokens");
	}

	@Test
	void listsModels() {
		this.upstream.enqueue(Answer.json(200, """
				{"data":[{"type":"model","id":"claude-sonnet-4-5-20250929","display_name":"Claude Sonnet 4.5",
				"created_at":"2025-09-29T00:00:00Z"}],"has_more":false,"first_id":"claude-sonnet-4-5-20250929",
				"last_id":"claude-sonnet-4-5-20250929"}"""));
		AnthropicClient client = client(group().create());
		assertThat(client.models().list().items().stream().map(ModelInfo::id))
			.containsExactly("claude-sonnet-4-5-20250929");
		assertThat(this.upstream.take().target()).isEqualTo("/v1/models");
	}

	@Test
	void raisesUnauthorizedForAWrongAccessKey() {
		assertRefused(client(group().create(), "km-nobody"), UnauthorizedException.class, 401, "authentication_error");
		assertThat(this.upstream.requests()).isEmpty();
	}

	@Test
	void raisesPermissionDeniedForAGroupOutOfBounds() {
		TestGroup allowed = group().create();
		this.gateway.accessKey(Map.of("name", allowed.name(), "key", "km-only-this-group-" + allowed.name(), "groups",
				List.of(allowed.name())));
		assertRefused(client(group().create(), "km-only-this-group-" + allowed.name()), PermissionDeniedException.class,
				403, "permission_error");
	}

	@Test
	void raisesNotFoundInItsShapeForADisabledGroup() {
		assertRefused(client(group().disabled().create()), NotFoundException.class, 404, "not_found_error");
	}

	@Test
	void raisesServerErrorWhenNoKeyIsLeft() {
		TestGroup group = this.gateway.group("anthropic").upstream(this.upstream.url()).create();
		assertRefused(client(group), AnthropicServiceException.class, 503, "overloaded_error");
	}

	@Test
	void raisesBadRequestWithTheProvidersOwnWords() {
		this.upstream.enqueue(Answer.json(400, error("invalid_request_error", "max_tokens: Field required")));
		AnthropicServiceException error = assertRefused(client(group().create()), BadRequestException.class, 400,
				"invalid_request_error");
		assertThat(error.apiMessage()).hasValue("max_tokens: Field required");
	}

	@Test
	void raisesRateLimitWithTheProvidersOwnWords() {
		this.upstream.enqueue(Answer.json(429, error("rate_limit_error", "This request would exceed your limit"))
			.header("retry-after", "12")
			.header("request-id", "req_011CSHoEeqs5C35K2UUqR7Fy"));
		AnthropicServiceException error = assertRefused(client(group().create()), RateLimitException.class, 429,
				"rate_limit_error");
		assertThat(error.headers().values("retry-after")).containsExactly("12");
		assertThat(error.requestId()).hasValue("req_011CSHoEeqs5C35K2UUqR7Fy");
	}

	@Test
	void raisesOverloadedWithTheProvidersLastAnswer() {
		this.upstream.answer((_) -> Answer.json(529, error("overloaded_error", "Overloaded")));
		TestGroup group = group().setting("max-attempts", "2").create();
		AnthropicServiceException error = assertRefused(client(group), AnthropicServiceException.class, 529,
				"overloaded_error");
		assertThat(error).isInstanceOf(InternalServerException.class);
		assertThat(error.headers().values("x-keymux-attempts")).containsExactly("2");
	}

	private GroupSpec group() {
		return this.gateway.group("anthropic").upstream(this.upstream.url()).keys("sk-ant-provider-1");
	}

	private AnthropicClient client(TestGroup group) {
		return client(group, Gateway.ACCESS_KEY);
	}

	private AnthropicClient client(TestGroup group, String accessKey) {
		return AnthropicOkHttpClient.builder().baseUrl(group.url()).apiKey(accessKey).maxRetries(0).build();
	}

	private static MessageCreateParams message() {
		return MessageCreateParams.builder().model("claude-sonnet-4-5").maxTokens(1024).addUserMessage("Hello").build();
	}

	private static String delta(String text) {
		return """
				event: content_block_delta
				data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s"}}

				""".formatted(text);
	}

	private static String error(String type, String message) {
		return """
				{"type":"error","error":{"type":"%s","message":"%s"},"request_id":"req_011CSHoEeqs5C35K2UUqR7Fy"}"""
			.formatted(type, message);
	}

	private static AnthropicServiceException assertRefused(AnthropicClient client,
			Class<? extends AnthropicServiceException> type, int status, String errorType) {
		try {
			client.messages().create(message());
		}
		catch (AnthropicServiceException ex) {
			assertThat(ex).isInstanceOf(type);
			assertThat(ex.statusCode()).isEqualTo(status);
			assertThat(ex.type().orElseThrow().asString()).isEqualTo(errorType);
			return ex;
		}
		throw new AssertionError("answered where %s was due".formatted(type));
	}

}
