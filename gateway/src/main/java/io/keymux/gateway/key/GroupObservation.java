package io.keymux.gateway.key;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.ServingGroup.ServingMember;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.problem.Problem;

import org.springframework.stereotype.Component;

/** Tells how groups are, from what this node holds in memory. */
@Component
public class GroupObservation {

	private final Catalog catalog;

	private final KeyPools pools;

	GroupObservation(Catalog catalog, KeyPools pools) {
		this.catalog = catalog;
		this.pools = pools;
	}

	/**
	 * How a group is now.
	 * @param name its name
	 * @return the statistics
	 * @throws Problem.NotFound if there is no such group
	 */
	public GroupStatistics statistics(String name) {
		ServingGroup group = this.catalog.snapshot().groups().get(name);
		if (group == null) {
			throw new Problem.NotFound("Group '%s' does not exist.".formatted(name));
		}
		KeyPool pool = this.pools.find(group.id());
		KeyPool.Census census = (pool != null) ? pool.census() : new KeyPool.Census(Map.of(), 0, 0, 0, null);
		Map<KeyCondition, Integer> keys = new EnumMap<>(KeyCondition.class);
		for (KeyCondition condition : KeyCondition.values()) {
			keys.put(condition, census.conditions().getOrDefault(condition, 0));
		}
		return new GroupStatistics(name, keys, census.keys(), census.unreadable(), census.requests(),
				census.availableAt(), group.upstreams().health(), shares(group.members().list()));
	}

	/**
	 * Tells which groups have secrets that this node cannot open.
	 * @return those groups, by name
	 */
	public List<UnreadableGroup> unreadable() {
		return this.catalog.snapshot()
			.groups()
			.values()
			.stream()
			.map(this::unreadable)
			.flatMap(Optional::stream)
			.sorted(Comparator.comparing(UnreadableGroup::group))
			.toList();
	}

	private Optional<UnreadableGroup> unreadable(ServingGroup group) {
		KeyPool pool = this.pools.find(group.id());
		KeyPool.Census census = (pool != null) ? pool.census() : new KeyPool.Census(Map.of(), 0, 0, 0, null);
		if (census.unreadable() == 0 && group.readable()) {
			return Optional.empty();
		}
		boolean serves = group.readable() && (pool == null || !pool.unreadable());
		return Optional
			.of(new UnreadableGroup(group.name(), census.keys(), census.unreadable(), !group.readable(), serves));
	}

	/**
	 * A group with secrets that this node cannot open.
	 *
	 * @param group name of the group
	 * @param keys number of its keys
	 * @param unreadableKeys number of those that cannot be opened
	 * @param unreadableRules whether a header rule or a setting cannot be opened
	 * @param serves whether requests to it are served all the same
	 */
	public record UnreadableGroup(String group, int keys, int unreadableKeys, boolean unreadableRules, boolean serves) {
	}

	private List<GroupStatistics.MemberShare> shares(List<ServingMember> members) {
		OptionalInt tier = members.stream()
			.filter((member) -> member.weight() > 0 && available(member))
			.mapToInt(ServingMember::priority)
			.min();
		int total = members.stream().filter((member) -> serves(member, tier)).mapToInt(ServingMember::weight).sum();
		return members.stream()
			.map((member) -> new GroupStatistics.MemberShare(member.group().name(), member.weight(), member.priority(),
					available(member), serves(member, tier) ? (double) member.weight() / total : 0))
			.toList();
	}

	private boolean serves(ServingMember member, OptionalInt tier) {
		return tier.isPresent() && member.priority() == tier.getAsInt() && member.weight() > 0 && available(member);
	}

	private boolean available(ServingMember member) {
		KeyPool pool = this.pools.find(member.group().id());
		return member.group().readable() && pool != null && pool.canLease(List.of());
	}

}
