package io.keymux.gateway.key;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
		KeyPool.Census census = (pool != null) ? pool.census() : new KeyPool.Census(Map.of(), 0, 0, null);
		Map<KeyCondition, Integer> keys = new EnumMap<>(KeyCondition.class);
		for (KeyCondition condition : KeyCondition.values()) {
			keys.put(condition, census.conditions().getOrDefault(condition, 0));
		}
		return new GroupStatistics(name, keys, census.keys(), census.requests(), census.availableAt(),
				group.upstreams().health(), shares(group.members().list()));
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
		return pool != null && pool.canLease(List.of());
	}

}
