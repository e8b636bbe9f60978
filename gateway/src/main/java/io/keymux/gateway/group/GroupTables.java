package io.keymux.gateway.group;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/** Reads and writes groups with their upstreams and members. */
@Component
class GroupTables {

	/** Numbers of a body override come back with the digits they were written with. */
	private static final JsonMapper json = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private final GroupRows groups;

	private final UpstreamRows upstreams;

	private final MemberRows members;

	GroupTables(GroupRows groups, UpstreamRows upstreams, MemberRows members) {
		this.groups = groups;
		this.upstreams = upstreams;
		this.members = members;
	}

	/** Three queries, whatever the number of groups. */
	List<StoredGroup> findAll() {
		Map<Long, List<UpstreamRow>> upstreamsOf = this.upstreams.findAll()
			.stream()
			.sorted(Comparator.comparingInt(UpstreamRow::position))
			.collect(Collectors.groupingBy(UpstreamRow::groupId));
		Map<Long, List<MemberRow>> membersOf = this.members.findAll()
			.stream()
			.sorted(Comparator.comparingInt(MemberRow::position))
			.collect(Collectors.groupingBy(MemberRow::groupId));
		return this.groups.findAllByOrderByPositionAscIdAsc()
			.stream()
			.map((row) -> read(row, upstreamsOf.getOrDefault(row.id(), List.of()),
					membersOf.getOrDefault(row.id(), List.of())))
			.toList();
	}

	Optional<StoredGroup> find(String name) {
		return this.groups.findByName(name).map((row) -> {
			long id = Objects.requireNonNull(row.id());
			return read(row, this.upstreams.findByGroupIdOrderByPosition(id),
					this.members.findByGroupIdOrderByPosition(id));
		});
	}

	List<String> aggregatesOf(String member) {
		return this.members.aggregatesOf(member);
	}

	/** Makes writers of groups take turns until the end of the transaction. */
	void lock() {
		this.groups.lock();
	}

	void nextRevision() {
		this.groups.nextRevision();
	}

	long revision() {
		return this.groups.revision();
	}

	StoredGroup insert(Group group) {
		return save(group, null, 1, Integer.MAX_VALUE);
	}

	StoredGroup update(Group group, long version) {
		int position = this.groups.findById(group.id()).orElseThrow().position();
		this.upstreams.deleteOf(group.id());
		this.members.deleteOf(group.id());
		return save(group, group.id(), version, position);
	}

	/** New groups stand at the end, beyond any position given here. */
	void order(List<String> names) {
		for (int i = 0; i < names.size(); i++) {
			this.groups.moveTo(names.get(i), i);
		}
	}

	void delete(long id) {
		this.groups.deleteById(id);
	}

	private StoredGroup save(Group group, @Nullable Long id, long version, int position) {
		GroupRow row = this.groups.save(new GroupRow(id, group.name(), version, position, group.displayName(),
				group.description(), group.provider(), group.enabled(), writeSettings(group.settings()),
				HeaderRuleColumn.write(group.headerRules()), json.writeValueAsString(group.bodyOverrides()),
				json.writeValueAsString(group.modelAliases()), group.strictModels(), group.probe().model(),
				group.probe().path(), group.limits().unlimited() ? null : json.writeValueAsString(group.limits())));
		long groupId = Objects.requireNonNull(row.id());
		List<UpstreamRow> upstreamRows = new ArrayList<>();
		for (Group.UpstreamUrl upstream : group.upstreams()) {
			upstreamRows.add(new UpstreamRow(null, groupId, upstreamRows.size(), upstream.url(), upstream.weight()));
		}
		List<MemberRow> memberRows = new ArrayList<>();
		for (Group.Member member : group.members()) {
			memberRows.add(new MemberRow(null, groupId, memberRows.size(), member.group(), member.weight(),
					member.priority(), json.writeValueAsString(member.models())));
		}
		return read(row, this.upstreams.saveAll(upstreamRows), this.members.saveAll(memberRows));
	}

	private static StoredGroup read(GroupRow row, List<UpstreamRow> upstreams, List<MemberRow> members) {
		Group group = new Group(Objects.requireNonNull(row.id()), row.name(), row.displayName(), row.description(),
				row.provider(), row.enabled(),
				upstreams.stream().map((upstream) -> new Group.UpstreamUrl(upstream.url(), upstream.weight())).toList(),
				readSettings(row.settings()), HeaderRuleColumn.read(row.headerRules()),
				json.<Map<String, @Nullable Object>>readValue(row.bodyOverrides(), new TypeReference<>() {
				}), json.readValue(row.modelAliases(), new TypeReference<Map<String, String>>() {
				}), row.strictModels(), new Group.Probe(row.probeModel(), row.probePath()),
				members.stream().map(GroupTables::read).toList(),
				(row.limits() != null) ? json.readValue(row.limits(), GroupLimits.class) : GroupLimits.none());
		return new StoredGroup(group, row.version());
	}

	static String writeSettings(Map<String, String> settings) {
		return json.writeValueAsString(settings);
	}

	static Map<String, String> readSettings(String column) {
		return json.readValue(column, new TypeReference<Map<String, String>>() {
		});
	}

	private static Group.Member read(MemberRow row) {
		return new Group.Member(row.member(), row.weight(), row.priority(),
				json.readValue(row.models(), new TypeReference<List<String>>() {
				}));
	}

}
