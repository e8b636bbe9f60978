package io.keymux.gateway.provider;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

import io.keymux.gateway.provider.Outcome.Accepted;
import io.keymux.gateway.provider.Outcome.CallerRejected;
import io.keymux.gateway.provider.Outcome.KeyRejected;
import io.keymux.gateway.provider.Outcome.Scope;
import io.keymux.gateway.provider.Outcome.Throttled;
import io.keymux.gateway.provider.Outcome.UpstreamFailed;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** OpenAI's API, and what calls itself compatible with it. */
final class OpenAi implements Provider {

	/**
	 * Codes that speak against the key or its account, whatever the status
	 * (platform.openai.com/docs/guides/error-codes).
	 */
	private static final Set<String> KEY_CODES = Set.of("invalid_api_key", "insufficient_quota",
			"billing_hard_limit_reached", "billing_not_active", "account_deactivated", "organization_deactivated",
			"invalid_organization", "no_organization", "missing_scope", "access_terminated", "key_expired",
			"api_key_expired");

	private static final ModelListShape MODELS = new ModelListShape("data", "id", "");

	@Override
	public String name() {
		return "openai";
	}

	@Override
	public String baseUrl() {
		return "https://api.openai.com";
	}

	@Override
	public void authorize(HttpHeaders headers, String key) {
		headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + key);
	}

	@Override
	public Operation operation(String path) {
		if (path.endsWith("/chat/completions") || path.endsWith("/responses")) {
			return Operation.CHAT;
		}
		String last = path.substring(path.lastIndexOf('/') + 1);
		return switch (last) {
			case "completions" -> Operation.COMPLETION;
			case "embeddings" -> Operation.EMBEDDINGS;
			case "generations", "edits", "variations" -> path.contains("/images/") ? Operation.IMAGE : Operation.OTHER;
			case "speech" -> Operation.SPEECH;
			case "transcriptions", "translations" -> Operation.TRANSCRIPTION;
			case "moderations" -> Operation.MODERATION;
			case "realtime" -> Operation.REALTIME;
			case "models" -> Operation.MODEL_LIST;
			default -> (modelInPath(path) != null) ? Operation.MODEL : Operation.OTHER;
		};
	}

	@Override
	public @Nullable PathModel modelInPath(String path) {
		return Paths.lastSegmentAfter(path, "/models/");
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
		if (head.status() == 401 || KEY_CODES.contains(error.code()) || KEY_CODES.contains(error.type())) {
			return new KeyRejected(error.reason(head.status()));
		}
		if (head.status() == 429) {
			return new Throttled(retryAfter(head), Scope.KEY);
		}
		return new CallerRejected(head.status());
	}

	private static @Nullable Duration retryAfter(ResponseHead head) {
		Duration named = RetryAfter.read(head.headers(), head.now());
		return (named != null) ? named : RetryAfter.openAiReset(head.headers());
	}

	@Override
	public ProbeRequest probe(@Nullable String model, @Nullable String path) {
		if (model == null) {
			return new ProbeRequest("GET", (path != null) ? path : "/v1/models", null);
		}
		return new ProbeRequest("POST", (path != null) ? path : "/v1/chat/completions", Json.write(Map.of("model",
				model, "messages", java.util.List.of(Map.of("role", "user", "content", "hi")), "max_tokens", 1)));
	}

	@Override
	public byte[] render(Refusal refusal, String requestId) {
		return Json.bytes(Map.of("error", Json.map("message", refusal.message(), "type", type(refusal.status()),
				"param", null, "code", refusal.code())));
	}

	private static String type(int status) {
		return switch (status) {
			case 401 -> "authentication_error";
			case 403 -> "permission_error";
			case 429 -> "rate_limit_error";
			case 502, 503, 504 -> "server_error";
			default -> "invalid_request_error";
		};
	}

	@Override
	public ModelListShape modelList() {
		return MODELS;
	}

}
