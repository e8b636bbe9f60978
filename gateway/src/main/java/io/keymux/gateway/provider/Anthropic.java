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

/** Anthropic's API. */
final class Anthropic implements Provider {

	private static final ModelListShape MODELS = new ModelListShape("data", "id", "");

	/**
	 * Error types that speak against the key or its account (docs.anthropic.com, Errors).
	 */
	private static final Set<String> KEY_TYPES = Set.of("authentication_error", "billing_error");

	/**
	 * What a 400 or 403 says when the account is at fault; Anthropic has no code for it.
	 */
	private static final List<String> ACCOUNT_PHRASES = List.of("credit balance is too low", "organization has been",
			"workspace has been", "api key does not have permission", "account has been");

	@Override
	public String name() {
		return "anthropic";
	}

	@Override
	public String baseUrl() {
		return "https://api.anthropic.com";
	}

	@Override
	public void authorize(HttpHeaders headers, String key) {
		headers.set("x-api-key", key);
		if (!headers.contains("anthropic-version")) {
			headers.set("anthropic-version", "2023-06-01");
		}
	}

	@Override
	public Operation operation(String path) {
		String last = path.substring(path.lastIndexOf('/') + 1);
		return switch (last) {
			case "messages" -> Operation.CHAT;
			case "count_tokens" -> Operation.TOKEN_COUNT;
			case "complete" -> Operation.COMPLETION;
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
		// 529 is Anthropic's "overloaded": the upstream's fault, not the key's.
		if (head.status() >= 500) {
			return new UpstreamFailed(String.valueOf(head.status()));
		}
		ErrorBody error = ErrorBody.read(head.body());
		if (head.status() == 401 || head.status() == 402 || KEY_TYPES.contains(error.type())
				|| error.says(ACCOUNT_PHRASES)) {
			return new KeyRejected(error.reason(head.status()));
		}
		if (head.status() == 429) {
			return new Throttled(retryAfter(head), Scope.KEY);
		}
		return new CallerRejected(head.status());
	}

	private static @Nullable Duration retryAfter(ResponseHead head) {
		Duration named = RetryAfter.read(head.headers(), head.now());
		return (named != null) ? named : RetryAfter.anthropicReset(head.headers(), head.now());
	}

	@Override
	public ProbeRequest probe(@Nullable String model, @Nullable String path) {
		if (model == null) {
			return new ProbeRequest("GET", (path != null) ? path : "/v1/models?limit=1", null);
		}
		return new ProbeRequest("POST", (path != null) ? path : "/v1/messages", Json.write(
				Map.of("model", model, "messages", List.of(Map.of("role", "user", "content", "hi")), "max_tokens", 1)));
	}

	@Override
	public byte[] render(Refusal refusal, String requestId) {
		return Json.bytes(Json.map("type", "error", "error",
				Json.map("type", type(refusal.status()), "message", refusal.message(), "code", refusal.code()),
				"request_id", requestId));
	}

	private static String type(int status) {
		return switch (status) {
			case 401 -> "authentication_error";
			case 403 -> "permission_error";
			case 404 -> "not_found_error";
			case 413 -> "request_too_large";
			case 429 -> "rate_limit_error";
			case 503 -> "overloaded_error";
			case 504 -> "timeout_error";
			case 502 -> "api_error";
			default -> "invalid_request_error";
		};
	}

	@Override
	public ModelListShape modelList() {
		return MODELS;
	}

}
