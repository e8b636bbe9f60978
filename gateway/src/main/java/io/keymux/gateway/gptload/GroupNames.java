package io.keymux.gateway.gptload;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Gives groups names that Keymux accepts; most have one already. */
final class GroupNames {

	private static final Pattern VALID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

	private static final int MAX_LENGTH = 63;

	private GroupNames() {
	}

	/**
	 * Names every group.
	 * @param groups the groups
	 * @param findings where a changed name is noted
	 * @return names by the group's id in gpt-load
	 */
	static Map<Long, String> of(List<Source.Group> groups, Findings findings) {
		Map<Long, String> names = new HashMap<>();
		Set<String> taken = new HashSet<>();
		// Good names first: no changed name may take one.
		for (Source.Group group : groups) {
			if (VALID.matcher(group.name()).matches() && taken.add(group.name())) {
				names.put(group.id(), group.name());
			}
		}
		for (Source.Group group : groups) {
			if (!names.containsKey(group.id())) {
				String name = free(base(group), taken);
				taken.add(name);
				names.put(group.id(), name);
				findings.changed("group " + Findings.quoted(group.name()), "the name became '%s'".formatted(name),
						"Keymux wants %s; its callers must use /proxy/%s/…".formatted(VALID.pattern(), name));
			}
		}
		return names;
	}

	private static String base(Source.Group group) {
		String name = group.name()
			.toLowerCase(Locale.ROOT)
			.replaceAll("[^a-z0-9_-]+", "-")
			.replaceAll("^[-_]+|-+$", "");
		return name.isEmpty() ? "group-" + group.id() : cut(name, MAX_LENGTH);
	}

	private static String free(String base, Set<String> taken) {
		String name = base;
		for (int i = 2; taken.contains(name); i++) {
			String suffix = "-" + i;
			name = cut(base, MAX_LENGTH - suffix.length()) + suffix;
		}
		return name;
	}

	private static String cut(String text, int length) {
		return (text.length() <= length) ? text : text.substring(0, length);
	}

}
