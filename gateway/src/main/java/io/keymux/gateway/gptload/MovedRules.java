package io.keymux.gateway.gptload;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a group changes in requests: header rules, body overrides and model aliases. */
final class MovedRules {

	private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private static final Set<String> OF_THE_CONNECTION = Set.of("host", "content-length", "connection", "keep-alive",
			"proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding",
			"upgrade");

	private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}?");

	/** What both programs replace. */
	private static final Set<String> VARIABLES = Set.of("${CLIENT_IP}", "${GROUP_NAME}", "${API_KEY}",
			"${TIMESTAMP_MS}", "${TIMESTAMP_S}");

	private static final int MAX_VALUE = 8000;

	private final Source.Group group;

	private final String where;

	private final Findings findings;

	MovedRules(Source.Group group, String where, Findings findings) {
		this.group = group;
		this.where = where;
		this.findings = findings;
	}

	ArrayNode headerRules() {
		ArrayNode rules = JsonColumn.MAPPER.createArrayNode();
		ArrayNode theirs = JsonColumn.array(this.group, "header_rules", this.where, this.findings);
		for (int i = 0; i < theirs.size(); i++) {
			JsonNode rule = theirs.get(i);
			String name = JsonColumn.text(rule, "key").strip();
			String action = JsonColumn.text(rule, "action");
			String value = JsonColumn.text(rule, "value");
			String problem = problem(name, action, value);
			if (problem != null) {
				this.findings.left("%s, header rule %d".formatted(this.where, i + 1), Findings.quoted(name), problem);
				continue;
			}
			ObjectNode moved = rules.addObject().put("action", action).put("name", name);
			if (action.equals("set")) {
				moved.put("value", value);
			}
		}
		return rules;
	}

	/** The value is not repeated: it may be a credential. */
	private static @Nullable String problem(String name, String action, String value) {
		if (!TOKEN.matcher(name).matches()) {
			return "it is no header name";
		}
		if (OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
			return "this header belongs to the connection, and Keymux sets it itself";
		}
		return switch (action) {
			case "remove" -> null;
			case "set" -> problem(value);
			default -> "its action is neither set nor remove";
		};
	}

	private static @Nullable String problem(String value) {
		if (value.length() > MAX_VALUE || value.chars()
			.anyMatch((character) -> character != '\t' && (character < 0x20 || character == 0x7f))) {
			return "expected: a value of at most %d characters without control characters".formatted(MAX_VALUE);
		}
		Matcher variables = VARIABLE.matcher(value);
		while (variables.find()) {
			if (!VARIABLES.contains(variables.group())) {
				return "its value has a variable gpt-load does not know and sends as text, which Keymux cannot "
						+ "(expected: one of %s)".formatted(String.join(", ", VARIABLES.stream().sorted().toList()));
			}
		}
		return null;
	}

	ObjectNode bodyOverrides() {
		ObjectNode overrides = JsonColumn.object(this.group, "param_overrides", this.where, this.findings);
		overrides.forEachEntry((name, value) -> {
			String place = "%s, override of %s".formatted(this.where, Findings.quoted(name));
			if (value.isNull()) {
				this.findings.changed(place, "it removes the field", "gpt-load sends null instead (RFC 7386)");
			}
			else if (value.isObject()) {
				this.findings.changed(place, "it is merged into the caller's object",
						"gpt-load puts it in the place of the caller's object (RFC 7386)");
			}
		});
		return overrides;
	}

	ObjectNode modelAliases() {
		ObjectNode aliases = JsonColumn.MAPPER.createObjectNode();
		ObjectNode theirs = JsonColumn.object(this.group, "model_redirect_rules", this.where, this.findings);
		theirs.forEachEntry((asked, sent) -> {
			if (asked.isBlank() || !sent.isString() || sent.stringValue().isBlank()) {
				this.findings.left(this.where, "redirect of model " + Findings.quoted(asked),
						"expected: two model names");
			}
			else {
				aliases.put(asked.strip(), sent.stringValue().strip());
			}
		});
		if (!aliases.isEmpty()
				&& JsonColumn.object(this.group, "param_overrides", this.where, this.findings).has("model")) {
			this.findings.changed(this.where + ", override of 'model'", "it wins over the model redirects",
					"gpt-load redirects the model that the override names");
		}
		return aliases;
	}

	/**
	 * gpt-load takes strictness without rules for none; Keymux would refuse every model.
	 */
	boolean strictModels(ObjectNode aliases) {
		String strict = this.group.get("model_redirect_strict");
		if (strict == null || strict.equals("0") || strict.equalsIgnoreCase("false")) {
			return false;
		}
		if (aliases.isEmpty()) {
			this.findings.changed(this.where, "strict model redirects became ones that are not strict",
					"there are no redirects, and gpt-load then lets every model through");
			return false;
		}
		return true;
	}

}
