package io.keymux.gateway.gptload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * gpt-load's proxy keys as access keys: one for each secret, however many lists name it.
 */
final class MovedAccessKeys {

	private static final int MIN_LENGTH = 16;

	private static final int MAX_LENGTH = 512;

	private static final String NAME_SALT = "keymux: name of an access key from gpt-load";

	private final Map<Long, String> moved;

	private final Findings findings;

	/** Groups by secret; no groups at all means every group. */
	private final Map<String, Set<String>> groups = new LinkedHashMap<>();

	private final Set<String> global = new LinkedHashSet<>();

	/**
	 * Begins.
	 * @param moved names of the groups that are moved, by their id in gpt-load
	 * @param findings where keys that are not moved are noted
	 */
	MovedAccessKeys(Map<Long, String> moved, Findings findings) {
		this.moved = moved;
		this.findings = findings;
	}

	/**
	 * Moves proxy keys.
	 * @param source what gpt-load holds
	 * @return access keys as the document shows them
	 */
	ArrayNode move(Source source) {
		for (String secret : secrets(source.settings().getOrDefault("proxy_keys", ""), "system settings")) {
			this.global.add(secret);
			this.groups.put(secret, new LinkedHashSet<>());
		}
		for (Source.Group group : source.groups()) {
			String where = MovedGroups.where(group);
			String name = this.moved.get(group.id());
			List<String> secrets = secrets(group.columns().getOrDefault("proxy_keys", ""), where);
			if (name != null) {
				secrets.forEach((secret) -> allow(secret, name));
			}
			else if (!secrets.isEmpty()) {
				this.findings.left(where, Findings.count(secrets.size(), "proxy key"),
						"the group is not moved, so they do not open it; other lists may name them as well");
			}
		}
		return toJson();
	}

	private void allow(String secret, String group) {
		if (!this.global.contains(secret)) {
			this.groups.computeIfAbsent(secret, (_) -> new LinkedHashSet<>()).add(group);
		}
	}

	private List<String> secrets(String list, String where) {
		List<String> secrets = new ArrayList<>();
		int number = 0;
		for (String entry : list.split(",", -1)) {
			String secret = entry.strip();
			if (secret.isEmpty()) {
				continue;
			}
			number++;
			if (secret.length() >= MIN_LENGTH && secret.length() <= MAX_LENGTH
					&& secret.chars().allMatch((character) -> character > 0x20 && character < 0x7f)) {
				secrets.add(secret);
			}
			else {
				this.findings.left(where, "proxy key %d".formatted(number),
						"%s (expected: %d to %d visible ASCII characters without white space); give its callers a new "
							.formatted(Findings.count(secret.length(), "character"), MIN_LENGTH, MAX_LENGTH)
								+ "access key");
			}
		}
		return secrets;
	}

	private ArrayNode toJson() {
		Map<String, String> names = names();
		ArrayNode nodes = JsonColumn.MAPPER.createArrayNode();
		this.groups.forEach((secret, allowed) -> {
			ObjectNode node = nodes.addObject().put("name", names.get(secret));
			ArrayNode list = node.putArray("groups");
			allowed.forEach(list::add);
			node.put("key", secret);
		});
		return nodes;
	}

	/**
	 * A name that depends on nothing but the secret, so that a second import finds the
	 * same access key again, and that tells next to nothing about it.
	 */
	private Map<String, String> names() {
		Map<String, Set<String>> byName = new HashMap<>();
		for (String secret : this.groups.keySet()) {
			String name = "gpt-load-" + HexFormat.of().formatHex(KeyCipher.derive(secret, NAME_SALT, 3));
			byName.computeIfAbsent(name, (_) -> new LinkedHashSet<>()).add(secret);
		}
		Map<String, String> names = new TreeMap<>();
		byName.forEach((name, secrets) -> {
			int number = 1;
			for (String secret : secrets.stream().sorted().toList()) {
				names.put(secret, (number == 1) ? name : name + "-" + number);
				number++;
			}
		});
		return names;
	}

}
