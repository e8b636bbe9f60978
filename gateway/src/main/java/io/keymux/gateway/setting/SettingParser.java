package io.keymux.gateway.setting;

import java.net.URI;
import java.time.Duration;
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

	static Function<String, Integer> integer(int min, int max) {
		return (text) -> {
			try {
				int value = Integer.parseInt(text);
				if (value >= min && value <= max) {
					return value;
				}
			}
			catch (NumberFormatException ex) {
				// answered below with the same words
			}
			throw bad(text, "a whole number from %d to %d".formatted(min, max));
		};
	}

	static Function<String, Boolean> bool() {
		return (text) -> switch (text) {
			case "true" -> true;
			case "false" -> false;
			default -> throw bad(text, "true or false");
		};
	}

	static Function<String, Duration> duration(Duration min, Duration max) {
		return (text) -> {
			Duration value = duration(text);
			if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
				throw bad(text, "a duration from %s to %s".formatted(print(min), print(max)));
			}
			return value;
		};
	}

	static Duration duration(String text) {
		try {
			return DurationStyle.detectAndParse(text);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw bad(text, "a duration such as 500ms, 30s, 10m");
		}
	}

	static Function<String, DataSize> size(long min, long max) {
		return (text) -> {
			try {
				DataSize value = DataSize.parse(text);
				if (value.toBytes() >= min && value.toBytes() <= max) {
					return value;
				}
			}
			catch (IllegalArgumentException | ArithmeticException ex) {
				// answered below with the same words
			}
			throw bad(text, "a size from %d to %d bytes, such as 32MB".formatted(min, max));
		};
	}

	static Function<String, URI> proxyUrl() {
		return (text) -> {
			// The value is not repeated: it may hold a password.
			IllegalArgumentException problem = new IllegalArgumentException(
					"expected: a proxy URL http, https or socks5 with host and port, and nothing behind them");
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
		};
	}

	private static boolean bare(URI uri) {
		return (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/")) && uri.getRawQuery() == null
				&& uri.getRawFragment() == null;
	}

	static <T> Function<String, Optional<T>> optional(Function<String, T> parser) {
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
