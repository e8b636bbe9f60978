package io.keymux.gateway.document;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keymux.gateway.group.Group;
import io.keymux.gateway.group.GroupLimits;
import io.keymux.gateway.group.SecretValue;
import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.setting.SecretSettings;
import org.jspecify.annotations.Nullable;

/** A group as the API shows and takes it; what is left out has its default. */
public record GroupBody(@Nullable String name, @Nullable String displayName, @Nullable String description,
		@Nullable String provider, @Nullable Boolean enabled, @Nullable List<@Nullable UpstreamBody> upstreams,
		@Nullable Map<String, @Nullable Object> settings, @Nullable List<@Nullable HeaderRuleBody> headerRules,
		@Nullable Map<String, @Nullable Object> bodyOverrides, @Nullable Map<String, @Nullable String> modelAliases,
		@Nullable Boolean strictModels, @Nullable ProbeBody probe, @Nullable List<@Nullable MemberBody> members,
		@Nullable GroupLimitsBody limits) {

	/** The group with its secrets masked. */
	public static GroupBody of(Group group) {
		return of(group, SecretSettings.shown(group.settings()), HeaderRuleBody::of);
	}

	/** The group with its secrets, which have to be open: see Groups.reveal. */
	public static GroupBody revealed(Group group) {
		return of(group, group.settings(), HeaderRuleBody::revealed);
	}

	private static GroupBody of(Group group, Map<String, String> shownSettings,
			Function<Group.HeaderRule, HeaderRuleBody> shownRule) {
		return new GroupBody(group.name(), group.displayName(), group.description(), group.provider(), group.enabled(),
				List.copyOf(group.upstreams().stream().map(UpstreamBody::of).toList()),
				new LinkedHashMap<>(shownSettings), List.copyOf(group.headerRules().stream().map(shownRule).toList()),
				group.bodyOverrides(), new LinkedHashMap<>(group.modelAliases()), group.strictModels(),
				new ProbeBody(group.probe().model(), group.probe().path()),
				List.copyOf(group.members().stream().map(MemberBody::of).toList()), GroupLimitsBody.of(group.limits()));
	}

	/**
	 * Reads the group, without the rules that need the others.
	 * @param id identity in the database, 0 before it is stored
	 * @param fixedName the name it must have, or null if it may choose
	 */
	public Group group(long id, @Nullable String fixedName) {
		FieldErrors errors = new FieldErrors();
		String ownName = (this.name != null) ? this.name : fixedName;
		if (ownName == null) {
			errors.add("name", "missing (expected: a name)");
		}
		else if (fixedName != null) {
			errors.check(ownName.equals(fixedName), "name",
					"'%s' (expected: '%s', the name of a group cannot change)".formatted(ownName, fixedName));
		}
		errors.check(this.provider != null, "provider", "missing (expected: openai, anthropic or gemini)");
		Group group = new Group(id, orEmpty(ownName), this.displayName, this.description, orEmpty(this.provider),
				this.enabled == null || this.enabled, readUpstreams(errors), readSettings(errors),
				readHeaderRules(errors), (this.bodyOverrides != null) ? this.bodyOverrides : Map.of(),
				readAliases(errors), this.strictModels != null && this.strictModels,
				(this.probe != null) ? new Group.Probe(this.probe.model(), this.probe.path()) : Group.Probe.defaults(),
				readMembers(errors), (this.limits != null) ? this.limits.read(errors) : GroupLimits.none());
		errors.throwIfAny();
		return group;
	}

	private List<Group.UpstreamUrl> readUpstreams(FieldErrors errors) {
		List<UpstreamBody> bodies = Documents.elements(errors, "upstreams", this.upstreams);
		for (int i = 0; i < bodies.size(); i++) {
			errors.check(bodies.get(i).url() != null, "upstreams[%d].url".formatted(i), "missing (expected: a URL)");
		}
		return bodies.stream()
			.map((body) -> new Group.UpstreamUrl(orEmpty(body.url()), orElse(body.weight(), 1)))
			.toList();
	}

	private Map<String, String> readSettings(FieldErrors errors) {
		Map<String, String> read = new LinkedHashMap<>();
		if (this.settings != null) {
			this.settings.forEach((key, value) -> {
				switch (value) {
					case null -> {
						// null resets to the system's value
					}
					case String _, Number _, Boolean _ -> read.put(key, value.toString());
					default -> errors.add("settings." + key, "expected: text, a number, true or false");
				}
			});
		}
		return read;
	}

	private List<Group.HeaderRule> readHeaderRules(FieldErrors errors) {
		List<HeaderRuleBody> bodies = Documents.elements(errors, "headerRules", this.headerRules);
		for (int i = 0; i < bodies.size(); i++) {
			errors.check(bodies.get(i).action() != null, "headerRules[%d].action".formatted(i),
					"missing (expected: set or remove)");
			errors.check(bodies.get(i).name() != null, "headerRules[%d].name".formatted(i),
					"missing (expected: a header name)");
		}
		return bodies.stream().map(HeaderRuleBody::rule).toList();
	}

	private Map<String, String> readAliases(FieldErrors errors) {
		Map<String, String> read = new LinkedHashMap<>();
		if (this.modelAliases != null) {
			this.modelAliases.forEach((asked, sent) -> {
				errors.check(sent != null, "modelAliases." + asked, "null (expected: a model name)");
				read.put(asked, orEmpty(sent));
			});
		}
		return read;
	}

	private List<Group.Member> readMembers(FieldErrors errors) {
		List<MemberBody> bodies = Documents.elements(errors, "members", this.members);
		for (int i = 0; i < bodies.size(); i++) {
			errors.check(bodies.get(i).group() != null, "members[%d].group".formatted(i),
					"missing (expected: the name of a group)");
		}
		return bodies.stream()
			.map((body) -> new Group.Member(orEmpty(body.group()), orElse(body.weight(), 1), orElse(body.priority(), 0),
					Documents.elements(errors, "members.models", body.models())))
			.toList();
	}

	private static String orEmpty(@Nullable String text) {
		return (text != null) ? text : "";
	}

	private static int orElse(@Nullable Integer number, int otherwise) {
		return (number != null) ? number : otherwise;
	}

	/** Settings and header rules may hold secrets. */
	@Override
	public String toString() {
		return "GroupBody[name=" + this.name + "]";
	}

	/** An upstream; weight 1 unless given. */
	public record UpstreamBody(@Nullable String url, @Nullable Integer weight) {

		static UpstreamBody of(Group.UpstreamUrl upstream) {
			return new UpstreamBody(upstream.url(), upstream.weight());
		}

	}

	/**
	 * A header rule. A secret value is shown as ***; without one, or with that, what is
	 * stored stays.
	 */
	public record HeaderRuleBody(Group.HeaderRule.@Nullable Action action, @Nullable String name,
			@Nullable String value, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean secret) {

		static HeaderRuleBody of(Group.HeaderRule rule) {
			return (rule.secret() != null)
					? new HeaderRuleBody(rule.action(), rule.name(), Group.HeaderRule.MASK, Boolean.TRUE)
					: new HeaderRuleBody(rule.action(), rule.name(), rule.value(), null);
		}

		static HeaderRuleBody revealed(Group.HeaderRule rule) {
			return (rule.secret() instanceof SecretValue.Entered(String text))
					? new HeaderRuleBody(rule.action(), rule.name(), text, Boolean.TRUE) : of(rule);
		}

		Group.HeaderRule rule() {
			Group.HeaderRule.Action orSet = (this.action != null) ? this.action : Group.HeaderRule.Action.SET;
			if (this.secret == null || !this.secret) {
				return new Group.HeaderRule(orSet, orEmpty(this.name), this.value);
			}
			return new Group.HeaderRule(orSet, orEmpty(this.name), null,
					(this.value == null || this.value.equals(Group.HeaderRule.MASK)) ? new SecretValue.Kept()
							: new SecretValue.Entered(this.value));
		}

		@Override
		public String toString() {
			return "HeaderRuleBody[name=" + this.name + "]";
		}

	}

	/** How keys of the group are probed. */
	public record ProbeBody(@Nullable String model, @Nullable String path) {
	}

	/** A member; weight 1 and priority 0 unless given. */
	public record MemberBody(@Nullable String group, @Nullable Integer weight, @Nullable Integer priority,
			@Nullable List<@Nullable String> models) {

		static MemberBody of(Group.Member member) {
			return new MemberBody(member.group(), member.weight(), member.priority(), List.copyOf(member.models()));
		}

	}

}
