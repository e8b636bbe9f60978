package io.keymux.gateway.gptload;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.keymux.gateway.setting.Setting;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Aggregates of the groups that are moved. */
final class MovedAggregates {

	/** Columns gpt-load stores for an aggregate but does not look at. */
	private static final List<String> UNUSED = List.of("header_rules", "param_overrides", "config",
			"model_redirect_rules");

	/** What the entered group decides in Keymux, and the serving one in gpt-load. */
	private static final List<Setting> OF_THE_ENTRY = List.of(Setting.MAX_ATTEMPTS, Setting.RETRY_ON);

	private static final Set<String> EMPTY = Set.of("[]", "{}", "null");

	private final MovedGroups groups;

	private final Findings findings;

	private final Map<Long, Source.Group> byId;

	private final Map<Long, List<Source.Member>> members;

	/**
	 * Begins.
	 * @param groups the groups that are no aggregates, already moved
	 * @param source what gpt-load holds
	 * @param findings where what is not moved is noted
	 */
	MovedAggregates(MovedGroups groups, Source source, Findings findings) {
		this.groups = groups;
		this.findings = findings;
		this.byId = source.groups()
			.stream()
			.collect(Collectors.toMap(Source.Group::id, Function.identity(), (first, _) -> first, LinkedHashMap::new));
		this.members = source.members().stream().collect(Collectors.groupingBy(Source.Member::groupId));
	}

	void move() {
		this.byId.values().stream().filter(Source.Group::aggregate).forEach(this::move);
	}

	private void move(Source.Group group) {
		String where = MovedGroups.where(group);
		ObjectNode document = this.groups.begin(group);
		if (document == null) {
			return;
		}
		List<Source.Member> serving = serving(group, document, where);
		if (serving.isEmpty()) {
			this.findings.left(where, "the group", "it is an aggregate without sub-groups that can be moved");
			return;
		}
		UNUSED.forEach((column) -> {
			if (!EMPTY.contains(group.columns().getOrDefault(column, "null"))) {
				this.findings.left(where, column,
						"gpt-load uses that of the sub-group that serves, never the aggregate's");
			}
		});
		MovedSettings own = this.groups.ofSystem(where);
		OF_THE_ENTRY.forEach((setting) -> inherit(setting, own, serving, where));
		MovedGroups.putUnlessEmpty(document, "settings", own.toJson());
		document.set("members", members(serving, document, where));
		this.groups.add(group.id(), document);
	}

	private List<Source.Member> serving(Source.Group aggregate, ObjectNode document, String where) {
		Set<Long> seen = new HashSet<>();
		List<Source.Member> serving = new ArrayList<>();
		for (Source.Member member : this.members.getOrDefault(aggregate.id(), List.of())) {
			Source.Group group = this.byId.get(member.memberId());
			String problem = problem(group, document);
			if (problem == null && !seen.add(member.memberId())) {
				problem = "it is named twice";
			}
			if (problem == null) {
				serving.add(member);
			}
			else {
				String name = (group != null) ? Findings.quoted(group.name()) : String.valueOf(member.memberId());
				this.findings.left(where, "sub-group " + name, problem);
			}
		}
		return serving;
	}

	private @Nullable String problem(Source.@Nullable Group member, ObjectNode aggregate) {
		if (member == null) {
			return "there is no such group";
		}
		if (member.aggregate()) {
			return "it is an aggregate itself";
		}
		ObjectNode document = this.groups.document(member.id());
		if (document == null) {
			return "that group is not moved";
		}
		return JsonColumn.text(document, "provider").equals(JsonColumn.text(aggregate, "provider")) ? null
				: "its provider is another one";
	}

	private void inherit(Setting setting, MovedSettings own, List<Source.Member> serving, String where) {
		Set<String> values = new LinkedHashSet<>();
		serving.stream()
			.filter((member) -> member.weight() > 0)
			.forEach((member) -> values.add(this.groups.settings(member.memberId()).inForce(setting)));
		if (values.size() == 1) {
			own.put(setting, values.iterator().next());
		}
		else if (values.size() > 1) {
			this.findings.changed(where, "its %s is the system's".formatted(setting.key()),
					"the sub-groups differ; gpt-load asks the sub-group that serves, Keymux the aggregate");
		}
	}

	private ArrayNode members(List<Source.Member> serving, ObjectNode document, String where) {
		List<Long> weights = serving.stream().map(Source.Member::weight).toList();
		if (!Weights.fit(weights)) {
			this.findings.changed(where, "the sub-groups' weights were scaled",
					"Keymux takes weights from 0 to %d".formatted(Weights.MAX));
		}
		List<Integer> scaled = Weights.scaled(weights);
		boolean dead = scaled.stream().allMatch((weight) -> weight == 0);
		if (dead) {
			MovedGroups.disable(document, where, "sub-group", this.findings);
		}
		ArrayNode nodes = JsonColumn.MAPPER.createArrayNode();
		for (int i = 0; i < serving.size(); i++) {
			nodes.addObject()
				.put("group", this.groups.name(serving.get(i).memberId()))
				.put("weight", dead ? 1 : scaled.get(i));
		}
		return nodes;
	}

}
