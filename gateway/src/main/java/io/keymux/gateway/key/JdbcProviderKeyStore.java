package io.keymux.gateway.key;

import java.util.Collection;
import java.util.Map;

import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Gives the pools their keys from the database. */
@Component
class JdbcProviderKeyStore implements ProviderKeyStore {

	private final ProviderKeyTable table;

	JdbcProviderKeyStore(ProviderKeyTable table) {
		this.table = table;
	}

	@Override
	public StoredKeys readAll(long groupId) {
		return this.table.readAll(groupId);
	}

	@Override
	public StoredKeys read(long groupId, Collection<Long> ids) {
		return this.table.read(groupId, ids);
	}

	@Override
	public long revision(long groupId) {
		return this.table.revision(groupId);
	}

	@Override
	public Map<Long, Long> revisions() {
		return this.table.revisions();
	}

	@Override
	@Transactional
	public void writeStates(Map<Long, KeyState> states) {
		this.table.writeStates(states);
	}

}
