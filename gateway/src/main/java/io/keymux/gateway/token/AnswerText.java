package io.keymux.gateway.token;

import java.util.List;
import java.util.Set;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The text of an answer that was output tokens. */
final class AnswerText {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	/** Where the providers put what a model wrote. */
	private static final Set<String> WRITTEN = Set.of("content", "text", "reasoning", "reasoning_content", "thinking",
			"refusal", "arguments", "partial_json", "transcript", "name", "output_text");

	/** Members of an answer that hold such places. */
	private static final List<String> PARTS = List.of("choices", "candidates", "output", "content", "delta");

	private AnswerText() {
	}

	/** Of the beginning of a stream. */
	static String ofEvents(byte[] sample) {
		StringBuilder text = new StringBuilder();
		int start = 0;
		for (int i = 0; i < sample.length; i++) {
			if (sample[i] == '\n') {
				line(TokenEstimator.utf8(sample, start, i), text);
				start = i + 1;
			}
		}
		return text.toString();
	}

	private static void line(String line, StringBuilder text) {
		if (line.startsWith("data:")) {
			document(line.substring(5), text);
		}
	}

	/**
	 * Of the beginning of a document; of one that breaks off, a quarter of a token a byte
	 * is what the count of its bytes will come to.
	 */
	static String ofDocument(byte[] sample) {
		StringBuilder text = new StringBuilder();
		String whole = TokenEstimator.utf8(sample, 0, sample.length);
		return document(whole, text) ? text.toString() : whole;
	}

	private static boolean document(String json, StringBuilder text) {
		try {
			JsonNode root = MAPPER.readTree(json);
			if (root.isArray()) {
				root.forEach((element) -> parts(element, text));
			}
			else {
				parts(root, text);
			}
			return true;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	private static void parts(JsonNode answer, StringBuilder text) {
		for (String part : PARTS) {
			JsonNode found = answer.path(part);
			if (found.isString()) {
				text.append(found.asString());
			}
			else {
				collect(found, false, text);
			}
		}
	}

	private static void collect(JsonNode node, boolean written, StringBuilder text) {
		if (node.isString()) {
			if (written) {
				text.append(node.asString());
			}
		}
		else if (node.isArray()) {
			node.forEach((element) -> collect(element, written, text));
		}
		else if (node.isObject()) {
			node.properties().forEach((member) -> {
				boolean call = member.getKey().equals("args") || member.getKey().equals("input");
				if (call) {
					text.append(member.getValue());
				}
				else {
					collect(member.getValue(), WRITTEN.contains(member.getKey()), text);
				}
			});
		}
	}

}
