package io.keymux.gateway.gptload;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What gpt-load holds as a document Keymux applies, and what does not fit into it.
 *
 * @param document groups with their keys, access keys and settings
 * @param findings what does not arrive as it was
 */
record Move(ObjectNode document, List<Finding> findings) {

	/**
	 * Makes the document.
	 * @param source what gpt-load holds
	 * @param cipher what decrypts its provider keys, or null without an encryption key
	 * @return document and findings
	 * @throws ImportRefused if the encryption key is missing or wrong
	 */
	static Move of(Source source, @Nullable KeyCipher cipher) {
		Findings findings = new Findings();
		MovedKeys keys = MovedKeys.open(source.keys(), cipher, findings);
		Map<Long, String> names = GroupNames.of(source.groups(), findings);
		MovedSettings settings = MovedSettings.ofSystem(source.settings(), findings);
		Map<Long, ObjectNode> groups = new MovedGroups(names, settings, keys, findings).move(source);
		Map<Long, String> moved = names.entrySet()
			.stream()
			.filter((name) -> groups.containsKey(name.getKey()))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
		ObjectNode document = JsonColumn.MAPPER.createObjectNode();
		document.set("settings", settings.toJson());
		ArrayNode list = document.putArray("groups");
		source.groups().stream().map((group) -> groups.get(group.id())).filter(Objects::nonNull).forEach(list::add);
		document.set("accessKeys", new MovedAccessKeys(moved, findings).move(source));
		history(source, findings);
		return new Move(document, findings.list());
	}

	private static void history(Source source, Findings findings) {
		source.history()
			.forEach((table) -> findings.left("table " + table, "what it holds",
					"Keymux keeps records of its own requests only"));
		if (!source.keys().isEmpty()) {
			findings.left("provider keys", "how often and when each was used, and its failures", "Keymux counts anew");
		}
	}

	/** Nothing of the document is told: it is full of secrets. */
	@Override
	public String toString() {
		return "Move[findings=%d]".formatted(this.findings.size());
	}

}
