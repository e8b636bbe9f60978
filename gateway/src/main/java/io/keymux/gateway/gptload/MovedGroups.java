package io.keymux.gateway.gptload;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Groups with their keys and rules. */
final class MovedGroups {

	private static final int MAX_PATH = 1000;

	private final Map<Long, String> names;

	private final MovedSettings system;

	private final MovedKeys keys;

	private final Findings findings;

	private final Map<Long, ObjectNode> documents = new HashMap<>();

	private final Map<Long, MovedSettings> settings = new HashMap<>();

	MovedGroups(Map<Long, String> names, MovedSettings system, MovedKeys keys, Findings findings) {
		this.names = names;
		this.system = system;
		this.keys = keys;
		this.findings = findings;
	}

	/**
	 * Moves groups.
	 * @param source what gpt-load holds
	 * @return the groups that can be moved as the document shows them, by their id in
	 * gpt-load
	 */
	Map<Long, ObjectNode> move(Source source) {
		source.groups().stream().filter((group) -> !group.aggregate()).forEach(this::standard);
		new MovedAggregates(this, source, this.findings).move();
		this.keys.noteOrphans(source.groups().stream().collect(Collectors.toMap(Source.Group::id, MovedGroups::where)));
		return this.documents;
	}

	/** The name of a group in Keymux. */
	String name(long groupId) {
		return this.names.getOrDefault(groupId, "");
	}

	/** The group as the document shows it, or null if it is not moved. */
	@Nullable ObjectNode document(long groupId) {
		return this.documents.get(groupId);
	}

	void add(long groupId, ObjectNode document) {
		this.documents.put(groupId, document);
	}

	/** Settings of a group that has none of its own yet. */
	MovedSettings ofSystem(String where) {
		return this.system.ofGroup(JsonColumn.MAPPER.createObjectNode(), where);
	}

	/** The settings requests to a group are served with. */
	MovedSettings settings(long groupId) {
		return this.settings.getOrDefault(groupId, this.system);
	}

	static String where(Source.Group group) {
		return "group " + Findings.quoted(group.name());
	}

	private void standard(Source.Group group) {
		String where = where(group);
		ObjectNode document = begin(group);
		if (document == null) {
			return;
		}
		MovedUpstreams upstreams = MovedUpstreams.of(JsonColumn.array(group, "upstreams", where, this.findings), where,
				this.findings);
		if (upstreams.nodes().isEmpty()) {
			this.findings.left(where, "the group", "it has no upstream that can be moved");
			return;
		}
		document.set("upstreams", upstreams.nodes());
		if (upstreams.dead()) {
			disable(document, where, "upstream", this.findings);
		}
		MovedSettings own = this.system.ofGroup(JsonColumn.object(group, "config", where, this.findings), where);
		this.settings.put(group.id(), own);
		putUnlessEmpty(document, "settings", own.toJson());
		rules(group, document);
		probe(group, document);
		putUnlessEmpty(document, "keys", this.keys.take(group.id(), where));
		this.documents.put(group.id(), document);
	}

	/** A document with what every group has, or null if the group cannot be moved. */
	@Nullable ObjectNode begin(Source.Group group) {
		String where = where(group);
		String provider = switch (group.columns().getOrDefault("channel_type", "")) {
			case "openai", "openai-response" -> "openai";
			case "anthropic" -> "anthropic";
			case "gemini" -> "gemini";
			default -> null;
		};
		if (provider == null) {
			this.findings.left(where, "the group",
					"its channel type is unknown (expected: openai, openai-response, anthropic or gemini)");
			return null;
		}
		group.unknown()
			.forEach((column) -> this.findings.left(where, "column " + Findings.quoted(column),
					"gpt-load 1.4 has no such column"));
		ObjectNode document = JsonColumn.MAPPER.createObjectNode();
		document.put("name", name(group.id()));
		putUnlessMissing(document, "displayName", group.get("display_name"));
		putUnlessMissing(document, "description", group.get("description"));
		return document.put("provider", provider);
	}

	private void rules(Source.Group group, ObjectNode document) {
		MovedRules rules = new MovedRules(group, where(group), this.findings);
		putUnlessEmpty(document, "headerRules", rules.headerRules());
		putUnlessEmpty(document, "bodyOverrides", rules.bodyOverrides());
		ObjectNode aliases = rules.modelAliases();
		putUnlessEmpty(document, "modelAliases", aliases);
		if (rules.strictModels(aliases)) {
			document.put("strictModels", true);
		}
	}

	private void probe(Source.Group group, ObjectNode document) {
		ObjectNode probe = JsonColumn.MAPPER.createObjectNode();
		String model = group.get("test_model");
		if (model != null && !model.equals("-")) {
			probe.put("model", model);
		}
		String path = group.get("validation_endpoint");
		switch (group.columns().getOrDefault("channel_type", "")) {
			case "openai-response" ->
				this.findings.changed(where(group), "keys are probed with a chat completion instead of a response",
						"Keymux speaks both under the provider openai and probes with the former");
			case "gemini" -> {
				if (path != null) {
					this.findings.left(where(group), "validation_endpoint", "gpt-load does not use it for gemini");
				}
			}
			default -> putPath(group, probe, path);
		}
		putUnlessEmpty(document, "probe", probe);
	}

	private void putPath(Source.Group group, ObjectNode probe, @Nullable String path) {
		if (path == null) {
			return;
		}
		if (path.startsWith("/") && path.length() <= MAX_PATH) {
			probe.put("path", path);
		}
		else {
			this.findings.left(where(group), "validation_endpoint", "expected: a path that starts with '/'");
		}
	}

	static void disable(ObjectNode document, String where, String part, Findings findings) {
		document.put("enabled", false);
		findings.changed(where, "it became disabled, with weight 1 for each " + part,
				"each %s has weight 0, so gpt-load serves nothing; Keymux wants one above 0".formatted(part));
	}

	private static void putUnlessMissing(ObjectNode document, String field, @Nullable String value) {
		if (value != null) {
			document.put(field, value);
		}
	}

	static void putUnlessEmpty(ObjectNode document, String field, ObjectNode value) {
		if (!value.isEmpty()) {
			document.set(field, value);
		}
	}

	private static void putUnlessEmpty(ObjectNode document, String field, ArrayNode value) {
		if (!value.isEmpty()) {
			document.set(field, value);
		}
	}

}
