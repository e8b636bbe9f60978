package io.keymux.gateway.key;

import io.keymux.gateway.group.Group;
import io.keymux.gateway.group.GroupGuard;
import io.keymux.gateway.problem.Problem;

import org.springframework.stereotype.Component;

/** Keeps keys from ending up in an aggregate, where nothing would use them. */
@Component
class ProviderKeyGuard implements GroupGuard {

	private final ProviderKeyTable table;

	ProviderKeyGuard(ProviderKeyTable table) {
		this.table = table;
	}

	@Override
	public void becomesAggregate(Group group) {
		this.table.lock(group.id());
		long keys = this.table.count(group.id());
		if (keys > 0) {
			throw new Problem.Conflict("Group '%s' has %d keys of its own (expected: none in an aggregate)."
				.formatted(group.name(), keys));
		}
	}

}
