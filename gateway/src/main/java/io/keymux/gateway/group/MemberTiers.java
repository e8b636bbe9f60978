package io.keymux.gateway.group;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

import io.keymux.gateway.group.ServingGroup.ServingMember;
import org.jspecify.annotations.Nullable;

/**
 * The members of an aggregate: the lowest priority that can serve does, its members by
 * smooth weighted round robin.
 */
public final class MemberTiers {

	private static final MemberTiers NONE = new MemberTiers(List.of());

	private final List<ServingMember> members;

	private final long[] current;

	private MemberTiers(List<ServingMember> members) {
		this.members = members;
		this.current = new long[members.size()];
	}

	static MemberTiers none() {
		return NONE;
	}

	static MemberTiers of(List<ServingMember> members) {
		return new MemberTiers(members.stream().sorted(Comparator.comparingInt(ServingMember::priority)).toList());
	}

	/**
	 * The members.
	 * @return by priority
	 */
	public List<ServingMember> list() {
		return this.members;
	}

	/**
	 * Whether some member or its rules look at the model.
	 * @return true if a member serves only some models
	 */
	public boolean modelMatters() {
		return this.members.stream()
			.anyMatch((member) -> !member.models().unlimited() || member.group().modelMatters());
	}

	/**
	 * Selects the member of the next attempt.
	 * @param able whether a member can serve now
	 * @return the member, or null if none can
	 */
	public synchronized @Nullable ServingMember select(Predicate<ServingMember> able) {
		int best = -1;
		long total = 0;
		for (int i = 0; i < this.members.size(); i++) {
			ServingMember member = this.members.get(i);
			if (best >= 0 && member.priority() > this.members.get(best).priority()) {
				break;
			}
			if (member.weight() == 0 || !able.test(member)) {
				continue;
			}
			this.current[i] += member.weight();
			total += member.weight();
			if (best < 0 || this.current[i] > this.current[best]) {
				best = i;
			}
		}
		if (best < 0) {
			return null;
		}
		this.current[best] -= total;
		return this.members.get(best);
	}

}
