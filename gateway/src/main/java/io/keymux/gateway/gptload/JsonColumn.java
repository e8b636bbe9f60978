package io.keymux.gateway.gptload;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the columns in which gpt-load keeps JSON. */
final class JsonColumn {

	static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private JsonColumn() {
	}

	/**
	 * Reads an object.
	 * @return its members, none if the column is empty or holds something else, which is
	 * noted
	 */
	static ObjectNode object(Source.Group group, String column, String where, Findings findings) {
		JsonNode node = read(group.get(column));
		if (node instanceof ObjectNode object) {
			return object;
		}
		if (node == null || !node.isNull()) {
			findings.left(where, column, "it is no JSON object");
		}
		return MAPPER.createObjectNode();
	}

	/**
	 * Reads a list.
	 * @return its elements, none if the column is empty or holds something else, which is
	 * noted
	 */
	static ArrayNode array(Source.Group group, String column, String where, Findings findings) {
		JsonNode node = read(group.get(column));
		if (node instanceof ArrayNode array) {
			return array;
		}
		if (node == null || !node.isNull()) {
			findings.left(where, column, "it is no JSON list");
		}
		return MAPPER.createArrayNode();
	}

	/** The text of a member, empty if it is missing or no text. */
	static String text(JsonNode node, String name) {
		JsonNode value = node.get(name);
		return (value != null && value.isString()) ? value.stringValue() : "";
	}

	private static @Nullable JsonNode read(@Nullable String json) {
		if (json == null) {
			return MAPPER.nullNode();
		}
		try {
			return MAPPER.readTree(json);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
