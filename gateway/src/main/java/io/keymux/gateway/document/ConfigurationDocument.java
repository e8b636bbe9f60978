package io.keymux.gateway.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.keymux.gateway.crypto.KeyHash;
import io.keymux.gateway.crypto.SealingRefused;
import io.keymux.gateway.key.NewKey;
import io.keymux.gateway.price.Price;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A configuration document taken apart, without the rules that need what is stored.
 *
 * @param database database whose hashes it carries, or null
 * @param settings system settings, or null to leave them as they are
 * @param groups groups with their keys
 * @param accessKeys access keys
 * @param prices prices operators have set, or null to leave them as they are
 */
record ConfigurationDocument(@Nullable String database, @Nullable Map<String, String> settings, List<GroupEntry> groups,
		List<AccessKeyEntry> accessKeys, @Nullable List<Price> prices) {

	private static final int MAX_MASK = 16;

	private static final Set<String> PARTS = Set.of("version", "database", "settings", "groups", "accessKeys",
			"prices");

	static ConfigurationDocument read(Documents documents, JsonNode document) {
		ObjectNode parts = object(document);
		parts.propertyNames().forEach((name) -> {
			if (!PARTS.contains(name)) {
				throw new Problem.Invalid(name, "no such field (expected: settings, groups, accessKeys or prices)");
			}
		});
		JsonNode version = parts.get("version");
		if (version != null && (!version.isInt() || version.intValue() != ConfigurationExport.VERSION)) {
			throw new Problem.Invalid("version", "'%s' (expected: %d)".formatted(version, ConfigurationExport.VERSION));
		}
		List<GroupEntry> groups = new ArrayList<>();
		each(parts, "groups", (node) -> groups.add(group(documents, node)));
		List<AccessKeyEntry> accessKeys = new ArrayList<>();
		each(parts, "accessKeys", (node) -> accessKeys.add(accessKey(documents, node)));
		JsonNode database = parts.get("database");
		return new ConfigurationDocument((database != null && database.isString()) ? database.stringValue() : null,
				settings(parts.get("settings")), groups, accessKeys, prices(documents, parts));
	}

	private static @Nullable List<Price> prices(Documents documents, ObjectNode parts) {
		JsonNode node = parts.get("prices");
		if (node == null || node.isNull()) {
			return null;
		}
		List<Price> prices = new ArrayList<>();
		each(parts, "prices", (price) -> prices.add(documents.read(object(price), PriceBody.class).price()));
		return prices;
	}

	private static @Nullable Map<String, String> settings(@Nullable JsonNode node) {
		if (node == null || node.isNull()) {
			return null;
		}
		Map<String, String> settings = new LinkedHashMap<>();
		SettingValues.read("settings", node).forEach((name, value) -> {
			if (value == null) {
				throw new Problem.Invalid("settings." + name, "null (expected: a value)");
			}
			settings.put(name, value);
		});
		return settings;
	}

	private static GroupEntry group(Documents documents, JsonNode node) {
		ObjectNode fields = object(node).deepCopy();
		JsonNode keyNodes = fields.remove("keys");
		List<NewKey> keys = null;
		if (keyNodes != null && !keyNodes.isNull()) {
			List<NewKey> read = new ArrayList<>();
			ArrayNode list = array("keys", keyNodes);
			for (int i = 0; i < list.size(); i++) {
				JsonNode keyNode = list.get(i);
				within("keys[%d]".formatted(i), () -> read.add(key(documents, keyNode)));
			}
			keys = read;
		}
		return new GroupEntry(documents.read(fields, GroupBody.class), keys);
	}

	private static NewKey key(Documents documents, JsonNode node) {
		if (node.isString()) {
			return NewKey.of(node.stringValue().strip());
		}
		KeyEntry entry = documents.read(object(node), KeyEntry.class);
		if (entry.key() == null) {
			throw new Problem.Invalid("key", "missing (expected: a provider key)");
		}
		return new NewKey(entry.key().strip(), (entry.weight() != null) ? entry.weight() : 1, entry.note(),
				entry.enabled() == null || entry.enabled());
	}

	private static AccessKeyEntry accessKey(Documents documents, JsonNode node) {
		ObjectNode fields = object(node).deepCopy();
		String masked = text("masked", fields.remove("masked"));
		String hash = text("keyHash", fields.remove("keyHash"));
		if (masked != null && masked.length() > MAX_MASK) {
			throw new Problem.Invalid("masked", "'%s' (expected: at most %d characters)".formatted(masked, MAX_MASK));
		}
		if (hash != null) {
			checkHash(hash);
		}
		return new AccessKeyEntry(NewAccessKey.read(documents, fields), masked, hash);
	}

	private static void checkHash(String hash) {
		try {
			KeyHash.parse(hash);
		}
		catch (IllegalArgumentException ex) {
			throw new Problem.Invalid("keyHash",
					"'%s' (expected: what an export with secrets says, 43 characters of base64url)".formatted(hash));
		}
	}

	private static @Nullable String text(String field, @Nullable JsonNode node) {
		if (node != null && !node.isNull() && !node.isString()) {
			throw new Problem.Invalid(field, "expected: text");
		}
		return (node != null && node.isString()) ? node.stringValue() : null;
	}

	private static void each(ObjectNode parts, String field, Consumer<JsonNode> use) {
		JsonNode node = parts.get(field);
		if (node == null || node.isNull()) {
			return;
		}
		ArrayNode list = array(field, node);
		for (int i = 0; i < list.size(); i++) {
			JsonNode element = list.get(i);
			within("%s[%d]".formatted(field, i), () -> use.accept(element));
		}
	}

	/** Errors of a step name the field from the root of the document. */
	static void within(String path, Runnable step) {
		try {
			step.run();
		}
		catch (SealingRefused refused) {
			throw refused;
		}
		catch (Problem.Invalid problem) {
			throw new Problem.Invalid(problem.errors().stream().map((error) -> error.within(path)).toList());
		}
		catch (Problem problem) {
			throw new Problem.Invalid(path, String.valueOf(problem.getMessage()));
		}
	}

	private static ObjectNode object(JsonNode node) {
		if (node instanceof ObjectNode object) {
			return object;
		}
		throw new Problem.Invalid("", "expected: an object");
	}

	private static ArrayNode array(String field, JsonNode node) {
		if (node instanceof ArrayNode array) {
			return array;
		}
		throw new Problem.Invalid(field, "expected: a list");
	}

	/** A group with its keys; null leaves its keys as they are. */
	record GroupEntry(GroupBody body, @Nullable List<NewKey> keys) {

		boolean aggregate() {
			return this.body.members() != null && !this.body.members().isEmpty();
		}

	}

	/**
	 * An access key, as an export of this database knows it by the hash of its secret.
	 */
	record AccessKeyEntry(NewAccessKey key, @Nullable String masked, @Nullable String hash) {
	}

	/** A key with more than itself. */
	record KeyEntry(@Nullable String key, @Nullable Integer weight, @Nullable String note, @Nullable Boolean enabled) {

		@Override
		public String toString() {
			return "KeyEntry";
		}

	}

}
