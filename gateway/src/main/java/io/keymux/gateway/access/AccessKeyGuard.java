package io.keymux.gateway.access;

import java.util.List;

import io.keymux.gateway.group.Group;
import io.keymux.gateway.group.GroupGuard;
import io.keymux.gateway.problem.Problem;

import org.springframework.stereotype.Component;

/**
 * Keeps groups that access keys name: without its last group a key would be good for all.
 */
@Component
class AccessKeyGuard implements GroupGuard {

	private final AccessKeyTable table;

	AccessKeyGuard(AccessKeyTable table) {
		this.table = table;
	}

	@Override
	public void isDeleted(Group group) {
		List<String> names = this.table.findAll()
			.stream()
			.filter((stored) -> stored.key().groups().contains(group.name()))
			.map((stored) -> stored.key().name())
			.limit(5)
			.toList();
		if (!names.isEmpty()) {
			throw new Problem.Conflict("Group '%s' is named by access keys: '%s' (expected: none names it)."
				.formatted(group.name(), String.join("', '", names)));
		}
	}

}
