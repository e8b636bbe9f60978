package io.keymux.gateway.body;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class JsonMergePatchTests {

	private static final int CASES = 5000;

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	@Test
	void patchedDocumentMeansWhatRfc7386Says() {
		for (int seed = 0; seed < CASES; seed++) {
			RandomJson json = new RandomJson(new Random(seed));
			Map<String, @Nullable Object> document = json.object(3);
			Map<String, @Nullable Object> patch = json.object(2);
			String written = json.space() + json.write(document) + json.space();

			String patched = apply(patch, written);

			assertThat(tree(patched)).as("seed %d: %s patched by %s gave %s", seed, written, patch, patched)
				.isEqualTo(tree(json.write(merged(document, patch))));
		}
	}

	@Test
	void membersThatNoPatchNamesKeepEveryByte() {
		for (int seed = 0; seed < CASES; seed++) {
			RandomJson json = new RandomJson(new Random(seed));
			String before = "\"first\"" + json.space() + ":" + json.space() + json.write(json.object(3));
			String after = "\"last\":" + json.space() + json.write(json.object(2));
			String document = "{" + json.space() + before + json.space() + ",\"model\" : \"old\"" + json.space() + ","
					+ json.space() + after + json.space() + "}";

			String patched = apply(Map.of("model", "new"), document);

			assertThat(patched).as("seed %d", seed)
				.isEqualTo(document.replace("\"model\" : \"old\"", "\"model\" : \"new\""));
		}
	}

	@Test
	void patchThatChangesNothingReturnsTheSameArray() {
		byte[] document = "{\"a\": 1}".getBytes(StandardCharsets.UTF_8);
		Map<String, @Nullable Object> removal = new LinkedHashMap<>();
		removal.put("absent", null);
		assertThat(JsonMergePatch.of(Map.of()).apply(document)).isSameAs(document);
		assertThat(JsonMergePatch.of(removal).apply(document)).isSameAs(document);
	}

	@Test
	void whatIsNoObjectPassesUntouched() {
		for (String text : List.of("", "[1]", "\"model\"", "{\"a\":", "{\"a\":1} trailing", "{'a':1}", "{\"a\":[1}",
				"{\"a\" 1}", "not json at all")) {
			assertThat(apply(Map.of("a", 2), text)).isEqualTo(text);
		}
	}

	@Test
	void escapedNameIsTheSameName() {
		assertThat(apply(Map.of("model", "new"), "{\"m\\u006fdel\":\"old\"}")).isEqualTo("{\"m\\u006fdel\":\"new\"}");
	}

	@Test
	void everyOccurrenceOfARepeatedNameIsReplaced() {
		assertThat(apply(Map.of("model", "new"), "{\"model\":\"x\",\"model\":\"y\"}"))
			.isEqualTo("{\"model\":\"new\",\"model\":\"new\"}");
	}

	@Test
	void deepNestingIsRefusedInsteadOfOverflowing() {
		String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
		assertThat(apply(Map.of("b", 1), deep)).isEqualTo(deep);
	}

	@Test
	void truncatedDocumentsNeverThrow() {
		for (int seed = 0; seed < 300; seed++) {
			RandomJson json = new RandomJson(new Random(seed));
			byte[] whole = json.write(json.object(3)).getBytes(StandardCharsets.UTF_8);
			for (int length = 0; length < whole.length; length++) {
				byte[] part = Arrays.copyOf(whole, length);
				assertThat(JsonMergePatch.of(Map.of("model", "new")).apply(part)).isSameAs(part);
			}
		}
	}

	private static String apply(Map<String, ? extends @Nullable Object> patch, String document) {
		return new String(JsonMergePatch.of(patch).apply(document.getBytes(StandardCharsets.UTF_8)),
				StandardCharsets.UTF_8);
	}

	private static JsonNode tree(String json) {
		return MAPPER.readTree(json);
	}

	private static Map<String, @Nullable Object> merged(Map<String, @Nullable Object> target,
			Map<String, @Nullable Object> patch) {
		Map<String, @Nullable Object> result = new LinkedHashMap<>(target);
		patch.forEach((name, value) -> {
			if (value == null) {
				result.remove(name);
			}
			else if (value instanceof Map<?, ?> nested) {
				Map<String, @Nullable Object> inner = (result.get(name) instanceof Map<?, ?> map) ? named(map)
						: new LinkedHashMap<>();
				result.put(name, merged(inner, named(nested)));
			}
			else {
				result.put(name, value);
			}
		});
		return result;
	}

	private static Map<String, @Nullable Object> named(Map<?, ?> map) {
		Map<String, @Nullable Object> named = new LinkedHashMap<>();
		map.forEach((name, value) -> named.put(String.valueOf(name), value));
		return named;
	}

}
