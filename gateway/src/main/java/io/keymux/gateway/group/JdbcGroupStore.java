package io.keymux.gateway.group;

import java.util.List;
import java.util.stream.Collectors;

import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reads the groups from the database, all from one state of it. */
@Component
class JdbcGroupStore implements GroupStore {

	private final GroupTables tables;

	JdbcGroupStore(GroupTables tables) {
		this.tables = tables;
	}

	@Override
	@Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
	public StoredGroups readAll() {
		long revision = this.tables.revision();
		List<StoredGroup> stored = this.tables.findAll();
		return new StoredGroups(revision, stored.stream().map(StoredGroup::group).toList(),
				stored.stream().collect(Collectors.toUnmodifiableMap((one) -> one.group().id(), StoredGroup::version)));
	}

}
