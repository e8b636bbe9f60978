package io.keymux.gateway.proxy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.keymux.gateway.group.ServingGroup.ServingMember;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.key.KeyPool.Leasing;
import io.keymux.gateway.key.KeyPool;
import io.keymux.gateway.key.KeyPools;
import io.keymux.gateway.upstream.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * Selects member, key and upstream of a request's attempts, and remembers what the
 * request has tried.
 */
final class TargetSelector {

	private final KeyPools pools;

	private final ServingGroup entry;

	private final @Nullable String model;

	private final List<Long> triedKeys = new ArrayList<>(4);

	private final List<Upstream> failedUpstreams = new ArrayList<>(2);

	private final List<ServingGroup> failedMembers = new ArrayList<>(2);

	TargetSelector(KeyPools pools, ServingGroup entry, @Nullable String model) {
		this.pools = pools;
		this.entry = entry;
		this.model = model;
	}

	/** The next attempt's target, or why there is none. */
	Selection select() {
		if (!this.entry.aggregate()) {
			return select(this.entry);
		}
		ServingMember member = member();
		return (member != null) ? select(member.group()) : none();
	}

	private Selection select(ServingGroup group) {
		Upstream upstream = group.upstreams().select(this.failedUpstreams);
		if (upstream == null) {
			return new Selection.None(ProxyProblem.noUpstream(group.name()), null);
		}
		KeyPool pool = this.pools.find(group.id());
		Leasing leasing = (pool != null) ? pool.lease(this.triedKeys) : new Leasing.Exhausted(null);
		return switch (leasing) {
			case Leasing.Leased(var lease) -> {
				this.triedKeys.add(lease.keyId());
				yield new Selection.Selected(new Target(this.entry, group, lease, upstream));
			}
			case Leasing.Limited(var until) -> new Selection.Limited(until);
			case Leasing.Exhausted(var until) -> new Selection.None(null, until);
			case Leasing.Unreadable() -> new Selection.None(ProxyProblem.secretsUnreadable(this.entry.name()), null);
		};
	}

	/** A fresh key of a member that has not failed, else any key of any member. */
	private @Nullable ServingMember member() {
		ServingMember fresh = this.entry.members()
			.select((member) -> serves(member) && !this.failedMembers.contains(member.group())
					&& canLease(member.group(), this.triedKeys));
		if (fresh != null) {
			return fresh;
		}
		ServingMember failed = this.entry.members()
			.select((member) -> serves(member) && canLease(member.group(), this.triedKeys));
		return (failed != null) ? failed
				: this.entry.members().select((member) -> serves(member) && canLease(member.group(), List.of()));
	}

	private boolean serves(ServingMember member) {
		return member.serves(this.model);
	}

	private boolean canLease(ServingGroup group, List<Long> tried) {
		KeyPool pool = this.pools.find(group.id());
		return group.readable() && pool != null && pool.canLease(tried);
	}

	private Selection none() {
		List<ServingGroup> serving = this.entry.members()
			.list()
			.stream()
			.filter(this::serves)
			.map(ServingMember::group)
			.toList();
		if (serving.isEmpty()) {
			return new Selection.None(
					ProxyProblem.modelNotFound(
							"No member of group '%s' serves model '%s'.".formatted(this.entry.name(), this.model)),
					null);
		}
		if (serving.stream().allMatch(this::unreadable)) {
			return new Selection.None(ProxyProblem.secretsUnreadable(this.entry.name()), null);
		}
		Instant limited = first(serving, KeyPool::limitedUntil);
		if (limited != null) {
			return new Selection.Limited(limited);
		}
		return new Selection.None(null, first(serving, KeyPool::firstAvailable));
	}

	private @Nullable Instant first(List<ServingGroup> groups, Function<KeyPool, @Nullable Instant> moment) {
		Instant first = null;
		for (ServingGroup group : groups) {
			KeyPool pool = this.pools.find(group.id());
			Instant until = (pool != null) ? moment.apply(pool) : null;
			first = (first == null || (until != null && until.isBefore(first))) ? until : first;
		}
		return first;
	}

	private boolean unreadable(ServingGroup group) {
		KeyPool pool = this.pools.find(group.id());
		return !group.readable() || (pool != null && pool.unreadable());
	}

	/** Takes note that a key was not used after all. */
	void limited(Target target) {
		this.triedKeys.remove(target.lease().keyId());
	}

	/** Takes note that an upstream failed this request; others come first from now on. */
	void upstreamFailed(Target target) {
		this.failedUpstreams.add(target.upstream());
		if (!target.group().upstreams().hasOther(this.failedUpstreams)) {
			this.failedMembers.add(target.group());
		}
	}

	/** Whether a key is left that this request has not used. */
	boolean hasFreshKey() {
		return hasKey(this.triedKeys);
	}

	/** Whether any key is left. */
	boolean hasKey() {
		return hasKey(List.of());
	}

	private boolean hasKey(List<Long> tried) {
		if (!this.entry.aggregate()) {
			return canLease(this.entry, tried);
		}
		return this.entry.members()
			.list()
			.stream()
			.anyMatch((member) -> member.weight() > 0 && serves(member) && canLease(member.group(), tried));
	}

	/** Where the next attempt goes, if anywhere. */
	sealed interface Selection {

		/**
		 * A target.
		 *
		 * @param target where to
		 */
		record Selected(Target target) implements Selection {
		}

		/**
		 * No target, as all keys that might serve are at limits of their own.
		 *
		 * @param until when the first of them may be had again
		 */
		record Limited(Instant until) implements Selection {
		}

		/**
		 * No target.
		 *
		 * @param problem why, or null if no key is available
		 * @param until when there may be a key again, or null
		 */
		record None(@Nullable ProxyProblem problem, @Nullable Instant until) implements Selection {
		}

	}

}
