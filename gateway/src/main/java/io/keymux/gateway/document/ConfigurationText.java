package io.keymux.gateway.document;

import io.keymux.gateway.problem.Problem;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Configuration documents as text. */
public final class ConfigurationText {

	private static final int MAX_YAML = 256 * 1024 * 1024;

	private static final JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	private static final YAMLMapper yaml = YAMLMapper
		.builder(YAMLFactory.builder()
			.loadSettings(LoadSettings.builder().setCodePointLimit(MAX_YAML).build())
			.disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
			.enable(YAMLWriteFeature.MINIMIZE_QUOTES)
			.enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
			.build())
		.build();

	private ConfigurationText() {
	}

	/**
	 * Reads YAML or JSON; what begins with a brace is JSON.
	 * @param text the document
	 * @return the document as a tree
	 * @throws Problem.Invalid if it is neither, naming the line
	 */
	public static JsonNode read(String text) {
		boolean braced = text.stripLeading().startsWith("{");
		try {
			return braced ? json.readTree(text) : yaml.readTree(text);
		}
		catch (JacksonException ex) {
			throw new Problem.Invalid("", "the document is no valid %s (line %d, column %d)"
				.formatted(braced ? "JSON" : "YAML", ex.getLocation().getLineNr(), ex.getLocation().getColumnNr()));
		}
	}

	/**
	 * Writes a document.
	 * @param document the document as a tree
	 * @return the document as JSON
	 */
	public static String json(JsonNode document) {
		return json.writeValueAsString(document);
	}

	/**
	 * Writes a document.
	 * @param document the document as a tree
	 * @return the document as YAML
	 */
	public static String yaml(JsonNode document) {
		return yaml.writeValueAsString(document);
	}

}
