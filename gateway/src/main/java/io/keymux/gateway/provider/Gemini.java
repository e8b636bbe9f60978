package io.keymux.gateway.provider;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.keymux.gateway.provider.Outcome.Accepted;
import io.keymux.gateway.provider.Outcome.CallerRejected;
import io.keymux.gateway.provider.Outcome.KeyRejected;
import io.keymux.gateway.provider.Outcome.Scope;
import io.keymux.gateway.provider.Outcome.Throttled;
import io.keymux.gateway.provider.Outcome.UpstreamFailed;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Google's Gemini API in its native shape. */
final class Gemini implements Provider {

	private static final ModelListShape MODELS = new ModelListShape("models", "name", "models/");

	private static final Provider OPENAI_SHAPE = new GeminiOpenAi(new OpenAi());

	/**
	 * Reasons of google.rpc.ErrorInfo that speak against the key or its project
	 * (google/api/error_reason.proto).
	 */
	private static final Set<String> KEY_REASONS = Set.of("API_KEY_INVALID", "API_KEY_EXPIRED",
			"API_KEY_SERVICE_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED", "API_KEY_IP_ADDRESS_BLOCKED",
			"API_KEY_ANDROID_APP_BLOCKED", "API_KEY_IOS_APP_BLOCKED", "CONSUMER_INVALID", "CONSUMER_SUSPENDED",
			"SERVICE_DISABLED", "BILLING_DISABLED", "ACCESS_TOKEN_TYPE_UNSUPPORTED", "USER_PROJECT_DENIED");

	/**
	 * What an answer without such a reason says when the key or its project is at fault.
	 */
	private static final List<String> ACCOUNT_PHRASES = List.of("api key not valid", "api key expired",
			"reported as leaked", "enable billing", "billing account", "has been suspended", "api key was");

	@Override
	public String name() {
		return "gemini";
	}

	@Override
	public String baseUrl() {
		return "https://generativelanguage.googleapis.com";
	}

	@Override
	public Provider dialect(String path) {
		return path.contains("/openai/") ? OPENAI_SHAPE : this;
	}

	@Override
	public void authorize(HttpHeaders headers, String key) {
		headers.set("x-goog-api-key", key);
	}

	@Override
	public Operation operation(String path) {
		String last = path.substring(path.lastIndexOf('/') + 1);
		if (last.equals("models")) {
			return Operation.MODEL_LIST;
		}
		if (modelInPath(path) == null) {
			return Operation.OTHER;
		}
		return switch (last.substring(last.indexOf(':') + 1)) {
			case "generateContent", "streamGenerateContent" -> Operation.CHAT;
			case "embedContent", "batchEmbedContents", "asyncBatchEmbedContent" -> Operation.EMBEDDINGS;
			case "countTokens" -> Operation.TOKEN_COUNT;
			case "predict", "predictLongRunning" -> Operation.IMAGE;
			default -> last.contains(":") ? Operation.OTHER : Operation.MODEL;
		};
	}

	@Override
	public @Nullable PathModel modelInPath(String path) {
		PathModel found = Paths.lastSegmentAfter(path, "/models/");
		if (found == null) {
			return null;
		}
		int colon = path.indexOf(':', found.start());
		return (colon < 0) ? found : Paths.segment(path, found.start(), colon);
	}

	@Override
	public Outcome outcome(ResponseHead head) {
		if (head.status() < 400) {
			return new Accepted();
		}
		if (head.status() >= 500) {
			return new UpstreamFailed(String.valueOf(head.status()));
		}
		ErrorBody error = ErrorBody.read(head.body());
		if (head.status() == 401 || KEY_REASONS.contains(error.code())
				|| ((head.status() == 400 || head.status() == 403) && error.says(ACCOUNT_PHRASES))) {
			return new KeyRejected(error.reason(head.status()));
		}
		if (head.status() == 429) {
			Duration named = RetryAfter.read(head.headers(), head.now());
			return new Throttled((named != null) ? named : error.retryDelay(), Scope.KEY);
		}
		return new CallerRejected(head.status());
	}

	@Override
	public ProbeRequest probe(@Nullable String model, @Nullable String path) {
		if (model == null) {
			return new ProbeRequest("GET", (path != null) ? path : "/v1beta/models?pageSize=1", null);
		}
		return new ProbeRequest("POST", (path != null) ? path : "/v1beta/models/" + model + ":generateContent",
				Json.write(Map.of("contents", List.of(Map.of("role", "user", "parts", List.of(Map.of("text", "hi")))),
						"generationConfig", Map.of("maxOutputTokens", 1))));
	}

	@Override
	public byte[] render(Refusal refusal, String requestId) {
		return Json.bytes(Map.of("error",
				Json.map("code", refusal.status(), "message", refusal.message(), "status", status(refusal.status()),
						"details", List.of(Json.map("@type", "type.googleapis.com/google.rpc.ErrorInfo", "reason",
								refusal.code(), "domain", "keymux")))));
	}

	private static String status(int status) {
		return switch (status) {
			case 401 -> "UNAUTHENTICATED";
			case 403 -> "PERMISSION_DENIED";
			case 404 -> "NOT_FOUND";
			case 429 -> "RESOURCE_EXHAUSTED";
			case 502, 503 -> "UNAVAILABLE";
			case 504 -> "DEADLINE_EXCEEDED";
			default -> "INVALID_ARGUMENT";
		};
	}

	@Override
	public ModelListShape modelList() {
		return MODELS;
	}

}
