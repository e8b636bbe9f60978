package io.keymux.gateway.provider;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The parts of a provider's error document that tell whose fault it is.
 *
 * @param code OpenAI's {@code error.code} or Google's ErrorInfo reason, empty if none
 * @param type OpenAI's and Anthropic's {@code error.type}, empty if none
 * @param message text for people, in lower case
 * @param retryDelay Google's RetryInfo delay, or null
 */
record ErrorBody(String code, String type, String message, @Nullable Duration retryDelay) {

	private static final ErrorBody NONE = new ErrorBody("", "", "", null);

	static ErrorBody read(byte[] body) {
		if (body.length == 0) {
			return NONE;
		}
		try {
			JsonNode root = Json.MAPPER.readTree(body);
			// Gemini's OpenAI-compatible paths wrap the document in an array.
			JsonNode error = (root.isArray() ? root.path(0) : root).path("error");
			return new ErrorBody(code(error), text(error.path("type")),
					text(error.isString() ? error : error.path("message")).toLowerCase(Locale.ROOT),
					retryDelay(error.path("details")));
		}
		catch (JacksonException ex) {
			return NONE;
		}
	}

	private static String code(JsonNode error) {
		for (JsonNode detail : error.path("details")) {
			if (detail.path("reason").isString()) {
				return detail.path("reason").asString();
			}
		}
		return text(error.path("code"));
	}

	private static @Nullable Duration retryDelay(JsonNode details) {
		for (JsonNode detail : details) {
			String delay = text(detail.path("retryDelay"));
			if (delay.endsWith("s")) {
				return RetryAfter.seconds(delay.substring(0, delay.length() - 1));
			}
		}
		return null;
	}

	private static String text(JsonNode node) {
		return node.isString() ? node.asString() : "";
	}

	boolean says(List<String> phrases) {
		return phrases.stream().anyMatch(this.message::contains);
	}

	/** Status and code alone: the message may repeat parts of a key. */
	String reason(int status) {
		String name = this.code.isEmpty() ? this.type : this.code;
		boolean plain = !name.isEmpty() && name.length() <= 64 && name.chars()
			.allMatch((c) -> c == '_' || c == '-' || c == '.' || (c < 128 && Character.isLetterOrDigit(c)));
		return plain ? status + " " + name : String.valueOf(status);
	}

}
