package io.keymux.gateway.key;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.upstream.UpstreamHealth;
import org.jspecify.annotations.Nullable;

/**
 * How a group is at a moment, as this node sees it.
 *
 * @param group name of the group
 * @param keys number of keys by condition
 * @param total number of all keys
 * @param unreadable number of keys this node cannot open
 * @param requests leases of its keys so far
 * @param availableAt when a key is back, or null if there is one now or nobody knows
 * @param upstreams its upstreams, empty for an aggregate
 * @param members its members, empty unless it is an aggregate
 */
public record GroupStatistics(String group, Map<KeyCondition, Integer> keys, int total, int unreadable, long requests,
		@Nullable Instant availableAt, List<UpstreamHealth> upstreams, List<MemberShare> members) {

	/**
	 * What a member of an aggregate takes now.
	 *
	 * @param group name of the member
	 * @param weight share among members of the same priority
	 * @param priority tier, the lowest first
	 * @param available whether it has a key to serve with
	 * @param share part of the requests it takes now, from 0 to 1
	 */
	public record MemberShare(String group, int weight, int priority, boolean available, double share) {
	}

}
