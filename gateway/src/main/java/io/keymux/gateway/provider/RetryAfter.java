package io.keymux.gateway.provider;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Reads how long a provider wants to be left alone; never below zero, never over a day.
 */
final class RetryAfter {

	private static final Duration MAX = Duration.ofDays(1);

	private static final Pattern GO_DURATION_PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s)");

	private static final List<String> OPENAI_LIMITS = List.of("requests", "tokens");

	private static final List<String> ANTHROPIC_LIMITS = List.of("requests", "tokens", "input-tokens", "output-tokens");

	private RetryAfter() {
	}

	/**
	 * {@code retry-after-ms}, or Retry-After in seconds or as a date (RFC 9110, 10.2.3).
	 */
	static @Nullable Duration read(HttpHeaders headers, Instant now) {
		String millis = headers.get("retry-after-ms");
		if (millis != null) {
			Duration exact = decimal(millis.strip(), 1);
			if (exact != null) {
				return exact;
			}
		}
		String value = headers.get(HttpHeaderNames.RETRY_AFTER);
		if (value == null) {
			return null;
		}
		Duration seconds = seconds(value.strip());
		return (seconds != null) ? seconds : until(value.strip(), now, DateTimeFormatter.RFC_1123_DATE_TIME);
	}

	/**
	 * {@code x-ratelimit-reset-*} of the limits that are used up, for example
	 * {@code 6m0s}.
	 */
	static @Nullable Duration openAiReset(HttpHeaders headers) {
		Duration longest = null;
		for (String limit : OPENAI_LIMITS) {
			String reset = headers.get("x-ratelimit-reset-" + limit);
			if (reset != null && "0".equals(headers.get("x-ratelimit-remaining-" + limit))) {
				longest = longer(longest, goDuration(reset.strip()));
			}
		}
		return longest;
	}

	/** {@code anthropic-ratelimit-*-reset} of the limits that are used up, RFC 3339. */
	static @Nullable Duration anthropicReset(HttpHeaders headers, Instant now) {
		Duration longest = null;
		for (String limit : ANTHROPIC_LIMITS) {
			String reset = headers.get("anthropic-ratelimit-" + limit + "-reset");
			if (reset != null && "0".equals(headers.get("anthropic-ratelimit-" + limit + "-remaining"))) {
				longest = longer(longest, until(reset.strip(), now, DateTimeFormatter.ISO_OFFSET_DATE_TIME));
			}
		}
		return longest;
	}

	static @Nullable Duration seconds(String text) {
		return decimal(text, 1000);
	}

	private static @Nullable Duration decimal(String text, int unitMillis) {
		if (text.isEmpty() || text.length() > 15 || !text.chars().allMatch((c) -> c == '.' || (c >= '0' && c <= '9'))) {
			return null;
		}
		try {
			return bounded(Duration.ofMillis((long) Math.ceil(Double.parseDouble(text) * unitMillis)));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static @Nullable Duration until(String date, Instant now, DateTimeFormatter format) {
		try {
			return bounded(Duration.between(now, ZonedDateTime.parse(date, format).toInstant()));
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static @Nullable Duration goDuration(String text) {
		Matcher part = GO_DURATION_PART.matcher(text);
		double millis = 0;
		int end = 0;
		while (part.find() && part.start() == end) {
			double number = Double.parseDouble(part.group(1));
			millis += number * switch (part.group(2)) {
				case "h" -> 3_600_000;
				case "m" -> 60_000;
				case "s" -> 1000;
				default -> 1;
			};
			end = part.end();
		}
		return (end == 0 || end != text.length()) ? null : bounded(Duration.ofMillis((long) Math.ceil(millis)));
	}

	private static @Nullable Duration longer(@Nullable Duration one, @Nullable Duration other) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return (one.compareTo(other) >= 0) ? one : other;
	}

	private static Duration bounded(Duration duration) {
		if (duration.isNegative()) {
			return Duration.ZERO;
		}
		return (duration.compareTo(MAX) > 0) ? MAX : duration;
	}

}
