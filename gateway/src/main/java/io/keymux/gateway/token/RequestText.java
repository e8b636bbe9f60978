package io.keymux.gateway.token;

import java.util.Set;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The text of a request that becomes input tokens. */
final class RequestText {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	/** Members in which the providers take text and tools. */
	private static final Set<String> INPUTS = Set.of("messages", "input", "prompt", "system", "instructions", "tools",
			"functions", "contents", "content", "systemInstruction", "system_instruction", "requests", "query",
			"documents", "text");

	/** Members within those that are no text: names of kinds, links, pictures, sounds. */
	private static final Set<String> NO_TEXT = Set.of("role", "type", "id", "call_id", "tool_call_id", "tool_use_id",
			"image_url", "url", "file_id", "file_data", "data", "inlineData", "inline_data", "fileData", "input_audio",
			"source", "mimeType", "mime_type", "signature", "thoughtSignature", "encrypted_content", "cache_control");

	/** What surrounds each message costs about four tokens. */
	private static final String AROUND = " . . . .";

	private RequestText() {
	}

	static String read(byte[] json) {
		StringBuilder text = new StringBuilder();
		try {
			JsonNode request = MAPPER.readTree(json);
			request.properties().forEach((member) -> {
				if (INPUTS.contains(member.getKey())) {
					collect(member.getValue(), text);
				}
			});
		}
		catch (JacksonException ex) {
			return "";
		}
		return text.toString();
	}

	private static void collect(JsonNode node, StringBuilder text) {
		if (node.isString()) {
			text.append(node.asString()).append('\n');
		}
		else if (node.isArray()) {
			node.forEach((element) -> collect(element, text));
		}
		else if (node.isObject()) {
			if (node.has("role")) {
				text.append(AROUND);
			}
			node.properties().forEach((member) -> {
				if (!NO_TEXT.contains(member.getKey())) {
					collect(member.getValue(), text);
				}
			});
		}
	}

}
