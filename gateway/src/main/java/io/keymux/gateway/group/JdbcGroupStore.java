package io.keymux.gateway.group;

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
		return new StoredGroups(revision, this.tables.findAll().stream().map(StoredGroup::group).toList());
	}

}
