package io.keymux.gateway.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import io.keymux.gateway.access.AccessKey;
import io.keymux.gateway.access.AccessKeys;
import io.keymux.gateway.access.StoredAccessKey;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.crypto.SealingRefused;
import io.keymux.gateway.group.Groups;
import io.keymux.gateway.group.StoredGroup;
import io.keymux.gateway.key.NewKey;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Component;

/**
 * Applies a document of groups with their keys, and access keys, by name. What the
 * document does not name stays as it is.
 */
@Component
public class ConfigurationImport {

	private static final Actor ACTOR = Actor.system("bootstrap file");

	private static final Set<String> PARTS = Set.of("groups", "accessKeys");

	private final Documents documents;

	private final Groups groups;

	private final ProviderKeys keys;

	private final AccessKeys accessKeys;

	ConfigurationImport(Documents documents, Groups groups, ProviderKeys keys, AccessKeys accessKeys) {
		this.documents = documents;
		this.groups = groups;
		this.keys = keys;
		this.accessKeys = accessKeys;
	}

	/** Applies a document; errors name the field from its root. */
	public void apply(JsonNode document) {
		ObjectNode parts = object(document);
		parts.propertyNames().forEach((name) -> {
			if (!PARTS.contains(name)) {
				throw new Problem.Invalid(name, "no such field (expected: groups or accessKeys)");
			}
		});
		List<GroupEntry> entries = new ArrayList<>();
		each(parts, "groups", (node) -> entries.add(entry(node)));
		// Aggregates come last: their members may stand below them.
		for (boolean aggregate : new boolean[] { false, true }) {
			for (int i = 0; i < entries.size(); i++) {
				GroupEntry entry = entries.get(i);
				if (entry.aggregate() == aggregate) {
					within("groups[%d]".formatted(i), () -> apply(entry));
				}
			}
		}
		each(parts, "accessKeys", this::applyAccessKey);
	}

	private GroupEntry entry(JsonNode node) {
		ObjectNode fields = object(node);
		JsonNode keyNodes = fields.remove("keys");
		List<NewKey> newKeys = new ArrayList<>();
		if (keyNodes != null && !keyNodes.isNull()) {
			ArrayNode list = array("keys", keyNodes);
			for (int i = 0; i < list.size(); i++) {
				JsonNode keyNode = list.get(i);
				within("keys[%d]".formatted(i), () -> newKeys.add(key(keyNode)));
			}
		}
		return new GroupEntry(this.documents.read(fields, GroupBody.class), newKeys);
	}

	private NewKey key(JsonNode node) {
		if (node.isString()) {
			return NewKey.of(node.stringValue().strip());
		}
		KeyEntry entry = this.documents.read(object(node), KeyEntry.class);
		if (entry.key() == null) {
			throw new Problem.Invalid("key", "missing (expected: a provider key)");
		}
		return new NewKey(entry.key().strip(), (entry.weight() != null) ? entry.weight() : 1, entry.note(),
				entry.enabled() == null || entry.enabled());
	}

	private void apply(GroupEntry entry) {
		String name = store(entry.body()).group().name();
		if (!entry.keys().isEmpty()) {
			this.keys.declare(ACTOR, name, entry.keys());
		}
	}

	private StoredGroup store(GroupBody body) {
		String name = body.name();
		return (name != null && this.groups.find(name).isPresent())
				? this.groups.update(ACTOR, name, null, (group) -> body.group(group.id(), name))
				: this.groups.create(ACTOR, body.group(0, null));
	}

	private void applyAccessKey(JsonNode node) {
		NewAccessKey wanted = NewAccessKey.read(this.documents, object(node));
		AccessKey key = wanted.body().accessKey(0, "", null);
		Optional<StoredAccessKey> stored = this.accessKeys.find(key.name());
		String secret = wanted.key();
		if (stored.isEmpty()) {
			if (secret == null) {
				throw new Problem.Invalid("key",
						"missing (expected: the key callers present, as nobody would see a new one)");
			}
			this.accessKeys.create(ACTOR, key, secret);
			return;
		}
		long id = stored.get().key().id();
		this.accessKeys.update(ACTOR, id, null,
				(present) -> wanted.body().accessKey(id, present.masked(), present.previousUntil()));
		if (secret != null && this.accessKeys.findBySecret(secret).filter((same) -> same.key().id() == id).isEmpty()) {
			this.accessKeys.replaceSecret(ACTOR, id, secret);
		}
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

	private static void within(String path, Runnable step) {
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

	private record GroupEntry(GroupBody body, List<NewKey> keys) {

		boolean aggregate() {
			return this.body.members() != null && !this.body.members().isEmpty();
		}

	}

	/** A key with more than itself. */
	record KeyEntry(@Nullable String key, @Nullable Integer weight, @Nullable String note, @Nullable Boolean enabled) {

		@Override
		public String toString() {
			return "KeyEntry";
		}

	}

}
