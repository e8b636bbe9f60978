package io.keymux.gateway.provider;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import io.keymux.gateway.provider.Outcome.Accepted;
import io.keymux.gateway.provider.Outcome.CallerRejected;
import io.keymux.gateway.provider.Outcome.KeyRejected;
import io.keymux.gateway.provider.Outcome.Scope;
import io.keymux.gateway.provider.Outcome.Throttled;
import io.keymux.gateway.provider.Outcome.UpstreamFailed;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class OutcomeTests {

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					openai | 401 | {"error":{"code":"invalid_api_key"}} | 401 invalid_api_key
					openai | 401 | | 401
					openai | 429 | {"error":{"code":"insufficient_quota","type":"insufficient_quota"}} | 429 insufficient_quota
					openai | 400 | {"error":{"code":"billing_hard_limit_reached"}} | 400 billing_hard_limit_reached
					openai | 403 | {"error":{"code":"account_deactivated"}} | 403 account_deactivated
					anthropic | 401 | {"type":"error","error":{"type":"authentication_error"}} | 401 authentication_error
					anthropic | 402 | {"type":"error","error":{"type":"billing_error"}} | 402 billing_error
					anthropic | 400 | {"error":{"type":"invalid_request_error","message":"Your credit balance is too low"}} | 400 invalid_request_error
					anthropic | 403 | {"error":{"type":"permission_error","message":"Your API key does not have permission"}} | 403 permission_error
					gemini | 400 | {"error":{"code":400,"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}} | 400 API_KEY_INVALID
					gemini | 403 | {"error":{"details":[{"reason":"CONSUMER_SUSPENDED"}]}} | 403 CONSUMER_SUSPENDED
					gemini | 403 | {"error":{"message":"Your API key was reported as leaked."}} | 403
					gemini | 400 | [{"error":{"details":[{"reason":"API_KEY_INVALID"}]}}] | 400 API_KEY_INVALID
					""")
	void rejectedKeyIsNamedByStatusAndCodeAlone(String provider, int status, @Nullable String body, String reason) {
		assertThat(outcome(provider, status, body, new DefaultHttpHeaders())).isEqualTo(new KeyRejected(reason));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					openai | 400 | {"error":{"code":"context_length_exceeded"}}
					openai | 403 | {"error":{"code":"model_not_found"}}
					openai | 404 | not json
					anthropic | 404 | {"error":{"type":"not_found_error"}}
					anthropic | 413 | {"error":{"type":"request_too_large"}}
					gemini | 400 | {"error":{"status":"INVALID_ARGUMENT","message":"Invalid JSON payload"}}
					gemini | 403 | {"error":{"status":"PERMISSION_DENIED","message":"You do not have permission to access the File"}}
					""")
	void refusalOfTheRequestBlamesNobody(String provider, int status, String body) {
		assertThat(outcome(provider, status, body, new DefaultHttpHeaders())).isEqualTo(new CallerRejected(status));
	}

	@ParameterizedTest
	@CsvSource({ "openai,500", "openai,503", "anthropic,529", "anthropic,502", "gemini,503", "gemini,504" })
	void serverErrorBlamesTheUpstream(String provider, int status) {
		assertThat(outcome(provider, status, null, new DefaultHttpHeaders()))
			.isEqualTo(new UpstreamFailed(String.valueOf(status)));
	}

	@ParameterizedTest
	@CsvSource({ "200", "201", "204", "302", "304" })
	void whatIsNoErrorIsAccepted(int status) {
		assertThat(outcome("openai", status, null, new DefaultHttpHeaders())).isEqualTo(new Accepted());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			Retry-After | 20 | PT20S
			Retry-After | 1.5 | PT1.5S
			retry-after-ms | 1500 | PT1.5S
			Retry-After | Thu, 01 Jan 2026 00:01:40 GMT | PT1M40S
			Retry-After | Wed, 31 Dec 2025 23:59:00 GMT | PT0S
			Retry-After | 99999999 | PT24H
			Retry-After | soon | -
			Retry-After | -5 | -
			""")
	void restIsAsLongAsTheProviderSays(String header, String value, @Nullable String rest) {
		HttpHeaders headers = new DefaultHttpHeaders().set(header, value);
		assertThat(outcome("openai", 429, null, headers))
			.isEqualTo(new Throttled((rest != null) ? Duration.parse(rest) : null, Scope.KEY));
	}

	@Test
	void openAiResetCountsOnlyForLimitsThatAreUsedUp() {
		HttpHeaders headers = new DefaultHttpHeaders().set("x-ratelimit-remaining-requests", "0")
			.set("x-ratelimit-reset-requests", "1m2.5s")
			.set("x-ratelimit-remaining-tokens", "100")
			.set("x-ratelimit-reset-tokens", "6h");
		assertThat(outcome("openai", 429, null, headers))
			.isEqualTo(new Throttled(Duration.ofMillis(62_500), Scope.KEY));
	}

	@Test
	void anthropicResetIsAMoment() {
		HttpHeaders headers = new DefaultHttpHeaders().set("anthropic-ratelimit-input-tokens-remaining", "0")
			.set("anthropic-ratelimit-input-tokens-reset", "2026-01-01T00:00:42Z");
		assertThat(outcome("anthropic", 429, null, headers))
			.isEqualTo(new Throttled(Duration.ofSeconds(42), Scope.KEY));
	}

	@Test
	void geminiNamesItsDelayInTheBody() {
		String body = """
				{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[
				{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}""";
		assertThat(outcome("gemini", 429, body, new DefaultHttpHeaders()))
			.isEqualTo(new Throttled(Duration.ofMillis(34_400), Scope.KEY));
	}

	@Test
	void codeThatMightBeAKeyIsNotRepeated() {
		assertThat(outcome("openai", 401, "{\"error\":{\"code\":\"bad key: sk-secret!\"}}", new DefaultHttpHeaders()))
			.isEqualTo(new KeyRejected("401"));
	}

	private static Outcome outcome(String provider, int status, @Nullable String body, HttpHeaders headers) {
		byte[] bytes = ((body != null) ? body : "").getBytes(StandardCharsets.UTF_8);
		return Objects.requireNonNull(Providers.find(provider)).outcome(new ResponseHead(status, headers, bytes, NOW));
	}

}
