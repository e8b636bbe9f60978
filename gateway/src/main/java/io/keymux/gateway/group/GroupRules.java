package io.keymux.gateway.group;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.setting.SecretSettings;
import io.keymux.gateway.setting.Setting;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/** What a group must look like, alone and beside the others. */
@Component
class GroupRules {

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

	private static final List<String> PROVIDERS = List.of("openai", "anthropic", "gemini");

	private static final int MAX_WEIGHT = 1000;

	private final GroupTables tables;

	GroupRules(GroupTables tables) {
		this.tables = tables;
	}

	/** Notes every rule a group breaks. */
	void check(Group group, FieldErrors errors) {
		errors.check(NAME.matcher(group.name()).matches(), "name",
				"'%s' (expected: %s)".formatted(group.name(), NAME.pattern()));
		errors.check(PROVIDERS.contains(group.provider()), "provider",
				"'%s' (expected: one of %s)".formatted(group.provider(), String.join(", ", PROVIDERS)));
		checkLength(errors, "displayName", group.displayName(), 255);
		checkLength(errors, "description", group.description(), 2000);
		checkLength(errors, "probe.model", group.probe().model(), 255);
		checkLength(errors, "probe.path", group.probe().path(), 1000);
		String path = group.probe().path();
		errors.check(path == null || path.startsWith("/"), "probe.path",
				"'%s' (expected: a path that starts with '/')".formatted(path));
		checkSettings(errors, group.settings());
		new HeaderRuleCheck(errors).check(group.headerRules());
		checkAliases(errors, group.modelAliases());
		group.limits().check(errors);
		if (group.aggregate()) {
			checkMembers(errors, group);
		}
		else {
			checkUpstreams(errors, group.upstreams());
		}
		checkAggregates(errors, group);
	}

	private static void checkLength(FieldErrors errors, String field, @Nullable String text, int max) {
		errors.check(text == null || text.length() <= max, field,
				"%d characters (expected: at most %d)".formatted((text != null) ? text.length() : 0, max));
	}

	private static void checkSettings(FieldErrors errors, Map<String, String> settings) {
		settings.forEach((key, value) -> {
			String field = "settings." + key;
			Setting setting = Setting.find(key);
			if (setting == null) {
				errors.add(field, "'%s' is no setting".formatted(key));
			}
			else if (setting.systemOnly()) {
				errors.add(field, "'%s' can be set for the whole system only".formatted(key));
			}
			else {
				try {
					setting.parse(SecretSettings.checkable(setting, value));
				}
				catch (IllegalArgumentException ex) {
					errors.add(field, String.valueOf(ex.getMessage()));
				}
			}
		});
	}

	private static void checkAliases(FieldErrors errors, Map<String, String> aliases) {
		aliases.forEach((asked, sent) -> errors.check(!asked.isBlank() && !sent.isBlank(), "modelAliases." + asked,
				"'%s' (expected: two model names that are not empty)".formatted(sent)));
	}

	private static void checkUpstreams(FieldErrors errors, List<Group.UpstreamUrl> upstreams) {
		errors.check(!upstreams.isEmpty(), "upstreams", "none (expected: at least one, or members)");
		int total = 0;
		for (int i = 0; i < upstreams.size(); i++) {
			Group.UpstreamUrl upstream = upstreams.get(i);
			errors.check(upstream.url().length() <= 1000 && usable(upstream.url()), "upstreams[%d].url".formatted(i),
					"'%s' (expected: an absolute http or https URL with a host and without user, query or fragment)"
						.formatted(printable(upstream.url())));
			checkWeight(errors, "upstreams[%d].weight".formatted(i), upstream.weight());
			total += Math.clamp(upstream.weight(), 0, MAX_WEIGHT);
		}
		errors.check(upstreams.isEmpty() || total > 0, "upstreams", "every weight is 0 (expected: one above 0)");
	}

	private static boolean usable(String url) {
		try {
			URI uri = new URI(url);
			return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
					&& uri.getHost() != null && uri.getPort() <= 65535 && uri.getRawUserInfo() == null
					&& uri.getRawQuery() == null && uri.getRawFragment() == null;
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	/** The user information of a URL may be a password: it is not repeated. */
	private static String printable(String url) {
		return url.replaceAll("//[^/]*@", "//…@");
	}

	private static void checkWeight(FieldErrors errors, String field, int weight) {
		errors.check(weight >= 0 && weight <= MAX_WEIGHT, field,
				"%d (expected: from 0 to %d)".formatted(weight, MAX_WEIGHT));
	}

	private void checkMembers(FieldErrors errors, Group group) {
		errors.check(group.upstreams().isEmpty(), "upstreams", "an aggregate has members (expected: no upstreams)");
		Set<String> seen = new HashSet<>();
		int total = 0;
		for (int i = 0; i < group.members().size(); i++) {
			Group.Member member = group.members().get(i);
			String field = "members[%d]".formatted(i);
			errors.check(seen.add(member.group()), field + ".group", "'%s' is named twice".formatted(member.group()));
			checkMember(errors, field + ".group", group, member.group());
			checkWeight(errors, field + ".weight", member.weight());
			errors.check(member.priority() >= 0 && member.priority() <= 1000, field + ".priority",
					"%d (expected: from 0 to 1000)".formatted(member.priority()));
			errors.check(member.models().stream().noneMatch(String::isBlank), field + ".models",
					"an empty pattern (expected: model names, * for any characters)");
			total += Math.clamp(member.weight(), 0, MAX_WEIGHT);
		}
		errors.check(total > 0, "members", "every weight is 0 (expected: one above 0)");
	}

	private void checkMember(FieldErrors errors, String field, Group group, String name) {
		if (name.equals(group.name())) {
			errors.add(field, "'%s' is the group itself".formatted(name));
			return;
		}
		Optional<Group> member = this.tables.find(name).map(StoredGroup::group);
		if (member.isEmpty()) {
			errors.add(field, "'%s' does not exist".formatted(name));
			return;
		}
		errors.check(!member.get().aggregate(), field, "'%s' is an aggregate itself".formatted(name));
		errors.check(member.get().provider().equals(group.provider()), field,
				"'%s' has provider '%s' (expected: '%s')".formatted(name, member.get().provider(), group.provider()));
	}

	/** A change of a member must not break the aggregates it serves for. */
	private void checkAggregates(FieldErrors errors, Group group) {
		for (String name : this.tables.aggregatesOf(group.name())) {
			errors.check(!group.aggregate(), "members",
					"the group is a member of '%s' (expected: no members)".formatted(name));
			this.tables.find(name)
				.map(StoredGroup::group)
				.ifPresent((aggregate) -> errors.check(aggregate.provider().equals(group.provider()), "provider",
						"'%s', but the group is a member of '%s' (expected: '%s')".formatted(group.provider(), name,
								aggregate.provider())));
		}
	}

}
