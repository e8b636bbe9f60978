package io.keymux.gateway.token;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Understands the usage objects of all providers. */
final class UsageDocument {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private UsageDocument() {
	}

	/**
	 * Reads token usage.
	 * @param first usage told first, whose fields a later one overrides, or null
	 * @param last usage told last, or null
	 * @return the tokens, or null if none were told
	 */
	static @Nullable TokenUsage read(byte @Nullable [] first, byte @Nullable [] last) {
		ObjectNode told = object(last);
		ObjectNode before = object(first);
		if (told == null) {
			return null;
		}
		if (before != null) {
			before.setAll(told);
			told = before;
		}
		if (told.has("promptTokenCount") || told.has("totalTokenCount")) {
			return gemini(told);
		}
		if (told.has("prompt_tokens") || told.has("completion_tokens")) {
			return openAi(told, "prompt_tokens", "completion_tokens");
		}
		if (told.has("cache_read_input_tokens") || told.has("cache_creation_input_tokens")) {
			return anthropic(told);
		}
		return openAi(told, "input_tokens", "output_tokens");
	}

	/**
	 * OpenAI: the whole and details of it (platform.openai.com, Usage object). Where the
	 * total is more than both, as xAI and Gemini's OpenAI shape have it, the rest is
	 * reasoning.
	 */
	private static TokenUsage openAi(ObjectNode usage, String inputName, String outputName) {
		long input = number(usage, inputName);
		long output = number(usage, outputName);
		long uncounted = Math.max(0, number(usage, "total_tokens") - input - output);
		long cached = Math.max(detail(usage, inputName, "cached_tokens"), number(usage, "prompt_cache_hit_tokens"));
		long reasoning = Math.max(detail(usage, outputName, "reasoning_tokens"), uncounted);
		return new TokenUsage(input, output + uncounted, Math.min(cached, input), 0, reasoning);
	}

	/**
	 * Anthropic counts what was read from and written to the cache apart
	 * (docs.anthropic.com, Prompt caching).
	 */
	private static TokenUsage anthropic(ObjectNode usage) {
		long cached = number(usage, "cache_read_input_tokens");
		long written = number(usage, "cache_creation_input_tokens");
		return new TokenUsage(number(usage, "input_tokens") + cached + written, number(usage, "output_tokens"), cached,
				written, 0);
	}

	/**
	 * Gemini counts thoughts and the prompts of its tools apart (ai.google.dev,
	 * UsageMetadata); its live API says response where others say candidates.
	 */
	private static TokenUsage gemini(ObjectNode usage) {
		long input = number(usage, "promptTokenCount") + number(usage, "toolUsePromptTokenCount");
		long thoughts = number(usage, "thoughtsTokenCount");
		long output = number(usage, "candidatesTokenCount") + number(usage, "responseTokenCount") + thoughts;
		return new TokenUsage(input, output, number(usage, "cachedContentTokenCount"), 0, thoughts);
	}

	/** The realtime API and transcriptions say token where the others say tokens. */
	private static long detail(ObjectNode usage, String name, String field) {
		String singular = name.substring(0, name.length() - 1);
		return Math.max(number(usage.path(name + "_details"), field), number(usage.path(singular + "_details"), field));
	}

	private static long number(JsonNode object, String field) {
		JsonNode value = object.path(field);
		return value.isIntegralNumber() ? Math.max(0, value.asLong()) : 0;
	}

	/** The text of a JSON string, or null. */
	static @Nullable String text(byte @Nullable [] json) {
		JsonNode node = parse(json);
		return (node != null && node.isString()) ? node.asString() : null;
	}

	/** A JSON object, or null. */
	static @Nullable ObjectNode object(byte @Nullable [] json) {
		return (parse(json) instanceof ObjectNode object) ? object : null;
	}

	private static @Nullable JsonNode parse(byte @Nullable [] json) {
		if (json == null) {
			return null;
		}
		try {
			return MAPPER.readTree(json);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
