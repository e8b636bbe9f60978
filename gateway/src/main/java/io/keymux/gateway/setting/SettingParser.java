package io.keymux.gateway.setting;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** Readers of setting values whose errors name the value and the bounds. */
final class SettingParser {

	private static final Set<String> PROXY_SCHEMES = Set.of("http", "https", "socks5");

	private SettingParser() {
	}

	static SettingType integer(int min, int max) {
		String bounds = "whole number from %d to %d".formatted(min, max);
		return new SettingType("integer", "", bounds, (text) -> {
			try {
				int value = Integer.parseInt(text);
				if (value >= min && value <= max) {
					return value;
				}
			}
			catch (NumberFormatException ex) {
				// answered below with the same words
			}
			throw bad(text, "a " + bounds);
		});
	}

	static SettingType bool() {
		return new SettingType("boolean", "", "true or false", (text) -> switch (text) {
			case "true" -> true;
			case "false" -> false;
			default -> throw bad(text, "true or false");
		});
	}

	/** One of the constants of an enum, written in lower case. */
	static <E extends Enum<E>> SettingType choice(Class<E> type) {
		Map<String, E> choices = new LinkedHashMap<>();
		for (E constant : type.getEnumConstants()) {
			choices.put(constant.name().toLowerCase(Locale.ROOT), constant);
		}
		String bounds = String.join(" or ", choices.keySet());
		return new SettingType("choice", "", bounds, (text) -> {
			E constant = choices.get(text);
			if (constant == null) {
				throw bad(text, bounds);
			}
			return constant;
		});
	}

	static SettingType duration(Duration min, Duration max) {
		String bounds = "duration from %s to %s".formatted(print(min), print(max));
		return new SettingType("duration", "ms, s, m, h or d", bounds, (text) -> {
			Duration value = duration(text);
			if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
				throw bad(text, "a " + bounds);
			}
			return value;
		});
	}

	static Duration duration(String text) {
		try {
			return DurationStyle.detectAndParse(text);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw bad(text, "a duration such as 500ms, 30s, 10m");
		}
	}

	static SettingType size(long min, long max) {
		String bounds = "size from %d to %d bytes, such as 32MB".formatted(min, max);
		return new SettingType("size", "B, KB, MB, GB or TB", bounds, (text) -> {
			try {
				DataSize value = DataSize.parse(text);
				if (value.toBytes() >= min && value.toBytes() <= max) {
					return value;
				}
			}
			catch (IllegalArgumentException | ArithmeticException ex) {
				// answered below with the same words
			}
			throw bad(text, "a " + bounds);
		});
	}

	static SettingType proxyUrl() {
		String bounds = "proxy URL http, https or socks5 with host and port, and nothing behind them";
		return new SettingType("URL", "", bounds, (text) -> {
			// The value is not repeated: it may hold a password.
			IllegalArgumentException problem = new IllegalArgumentException("expected: a " + bounds);
			try {
				URI uri = URI.create(text);
				if (uri.getScheme() != null && PROXY_SCHEMES.contains(uri.getScheme()) && uri.getHost() != null
						&& uri.getPort() > 0 && bare(uri)) {
					return uri;
				}
			}
			catch (IllegalArgumentException ex) {
				throw problem;
			}
			throw problem;
		});
	}

	private static boolean bare(URI uri) {
		return (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/")) && uri.getRawQuery() == null
				&& uri.getRawFragment() == null;
	}

	static Function<String, Optional<?>> optional(Function<String, ?> parser) {
		return (text) -> text.isEmpty() ? Optional.empty() : Optional.of(parser.apply(text));
	}

	static IllegalArgumentException bad(String text, String expectation) {
		return new IllegalArgumentException("'%s' (expected: %s)".formatted(text, expectation));
	}

	/** A duration the way an operator writes it. */
	static String print(Duration duration) {
		if (duration.toMillisPart() != 0) {
			return duration.toMillis() + "ms";
		}
		if (duration.toSecondsPart() != 0 || duration.isZero()) {
			return duration.toSeconds() + "s";
		}
		return (duration.toMinutesPart() != 0) ? duration.toMinutes() + "m" : duration.toHours() + "h";
	}

}
