package io.keymux.gateway.provider;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** The providers the gateway speaks to. */
public final class Providers {

	private static final Provider OPENAI = new OpenAi();

	private static final Provider ANTHROPIC = new Anthropic();

	private static final Provider GEMINI = new Gemini();

	private static final Map<String, Provider> BY_NAME = Stream.of(OPENAI, ANTHROPIC, GEMINI)
		.collect(Collectors.toUnmodifiableMap(Provider::name, Function.identity()));

	private Providers() {
	}

	/**
	 * Finds a provider.
	 * @param name its name
	 * @return the provider, or null if there is none of that name
	 */
	public static @Nullable Provider find(String name) {
		return BY_NAME.get(name);
	}

	/**
	 * The names groups may use.
	 * @return the names, sorted
	 */
	public static List<String> names() {
		return BY_NAME.keySet().stream().sorted().toList();
	}

	/**
	 * Guesses the dialect of a caller whose group is unknown.
	 * @param path path after the group
	 * @param sentBy where the caller put its credential, a lower-case header name or
	 * {@code key}
	 * @return the likeliest provider
	 */
	public static Provider guess(String path, String sentBy) {
		if (sentBy.equals("x-goog-api-key") || sentBy.equals("key") || path.startsWith("/v1beta/")) {
			return GEMINI.dialect(path);
		}
		return (sentBy.equals("x-api-key") || path.startsWith("/v1/messages")) ? ANTHROPIC : OPENAI;
	}

}
