package io.keymux.gateway.usage;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which usage is asked for; what is null does not matter.
 *
 * @param from begin of the span, or null for a day before its end
 * @param to end of the span, or null for now
 * @param interval how finely it is told apart by time, or null for the whole span
 * @param groupBy what it is told apart by
 * @param group only of this group
 * @param model only of this model
 * @param caller only of the access key of this name
 * @param providerKey only of the provider key of this identity
 */
public record UsageQuery(@Nullable Instant from, @Nullable Instant to, @Nullable Interval interval,
		Set<Dimension> groupBy, @Nullable String group, @Nullable String model, @Nullable String caller,
		@Nullable Long providerKey) {

	public UsageQuery {
		groupBy = Set.copyOf(groupBy);
	}

	/** What rows must tell apart to answer it. */
	Set<Dimension> needed() {
		Set<Dimension> needed = EnumSet.noneOf(Dimension.class);
		needed.addAll(this.groupBy);
		add(needed, Dimension.GROUP, this.group);
		add(needed, Dimension.MODEL, this.model);
		add(needed, Dimension.CALLER, this.caller);
		add(needed, Dimension.PROVIDER_KEY, this.providerKey);
		return needed;
	}

	private static void add(Set<Dimension> needed, Dimension dimension, @Nullable Object filter) {
		if (filter != null) {
			needed.add(dimension);
		}
	}

}
