package io.keymux.gateway.gptload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Provider keys of all groups, decrypted and ready for the document. */
final class MovedKeys {

	private static final int MAX_LENGTH = 1024;

	private static final int MAX_NOTE = 255;

	private final Map<Long, Batch> batches = new HashMap<>();

	private final Findings findings;

	private MovedKeys(Findings findings) {
		this.findings = findings;
	}

	/**
	 * Opens keys.
	 * @param keys keys as stored
	 * @param cipher what decrypts them, or null without an encryption key
	 * @param findings where keys that are not moved are noted
	 * @return the keys by group
	 * @throws ImportRefused if the encryption key is missing or wrong
	 */
	static MovedKeys open(List<Source.Key> keys, @Nullable KeyCipher cipher, Findings findings) {
		MovedKeys moved = new MovedKeys(findings);
		EncryptedKeys encrypted = new EncryptedKeys(cipher);
		for (Source.Key key : keys) {
			String secret = encrypted.open(key);
			if (secret != null) {
				moved.add(key, secret.strip());
			}
		}
		encrypted.check(findings);
		return moved;
	}

	private void add(Source.Key key, String secret) {
		Batch batch = this.batches.computeIfAbsent(key.groupId(), (_) -> new Batch());
		if (secret.isEmpty() || secret.length() > MAX_LENGTH
				|| !secret.chars().allMatch((character) -> character > 0x20 && character < 0x7f)) {
			batch.malformed.add(key.id());
			return;
		}
		if (!batch.secrets.add(secret)) {
			batch.repeated++;
			return;
		}
		boolean known = key.status().equals("active") || key.status().equals("invalid");
		batch.invalid += key.status().equals("invalid") ? 1 : 0;
		batch.disabled += known ? 0 : 1;
		ObjectNode node = batch.nodes.addObject().put("key", secret).put("weight", 1);
		if (key.note() != null && !key.note().isBlank()) {
			node.put("note", note(key, key.note().strip()));
		}
		node.put("enabled", known);
	}

	private String note(Source.Key key, String note) {
		if (note.length() <= MAX_NOTE) {
			return note;
		}
		this.findings.changed("provider key %d".formatted(key.id()), "its note was cut",
				"expected: at most %d characters".formatted(MAX_NOTE));
		return note.substring(0, MAX_NOTE);
	}

	/**
	 * The keys of a group that is moved.
	 * @param groupId the group's id in gpt-load
	 * @param where the group, for what is noted
	 * @return the keys, in the order they were added
	 */
	ArrayNode take(long groupId, String where) {
		Batch batch = this.batches.remove(groupId);
		if (batch == null) {
			return JsonColumn.MAPPER.createArrayNode();
		}
		if (!batch.malformed.isEmpty()) {
			this.findings.left(where, "provider keys, " + Findings.ids(batch.malformed),
					"expected: 1 to %d visible ASCII characters without white space".formatted(MAX_LENGTH));
		}
		if (batch.repeated > 0) {
			this.findings.left(where, Findings.count(batch.repeated, "repeated provider key"),
					"the group has the same key already");
		}
		if (batch.invalid > 0) {
			this.findings.changed(where, Findings.count(batch.invalid, "invalid provider key"),
					"moved like active ones, because Keymux judges keys itself: one that the provider still rejects is ejected by traffic and probed until it works");
		}
		if (batch.disabled > 0) {
			this.findings.changed(where, Findings.count(batch.disabled, "provider key") + " became disabled",
					"their status is neither active nor invalid");
		}
		return batch.nodes;
	}

	/** Notes the keys that belong to no group that is moved. */
	void noteOrphans(Map<Long, String> places) {
		this.batches.forEach((groupId, batch) -> this.findings.left(
				places.getOrDefault(groupId, "group %d, which does not exist".formatted(groupId)),
				Findings.count(batch.nodes.size() + batch.malformed.size(), "provider key"),
				"no group is moved that could hold them"));
		this.batches.clear();
	}

	/** Keys of one group. */
	private static final class Batch {

		private final ArrayNode nodes = JsonColumn.MAPPER.createArrayNode();

		private final Set<String> secrets = new HashSet<>();

		private final List<Long> malformed = new ArrayList<>();

		private int repeated;

		private int invalid;

		private int disabled;

	}

}
