package io.keymux.gateway.key;

import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.Catalog.CatalogReplaced;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.key.ProviderKeyStore.StoredKey;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The key pools of all groups, kept equal to what is stored. */
@Component
public class KeyPools implements LiveKeyStates, SmartLifecycle {

	private final ProviderKeyStore store;

	private final Catalog catalog;

	private final InstantSource time;

	private final Map<Long, KeyPool> pools = new ConcurrentHashMap<>();

	private volatile boolean running;

	KeyPools(ProviderKeyStore store, Catalog catalog, InstantSource time) {
		this.store = store;
		this.catalog = catalog;
		this.time = time;
	}

	/**
	 * The pool of a group.
	 * @param groupId the group
	 * @return its pool, or null while the group has none
	 */
	public @Nullable KeyPool find(long groupId) {
		return this.pools.get(groupId);
	}

	Map<Long, KeyPool> all() {
		return this.pools;
	}

	@Override
	public Optional<KeyState> find(long groupId, long keyId) {
		KeyPool pool = this.pools.get(groupId);
		return (pool != null) ? Optional.ofNullable(pool.state(keyId)) : Optional.empty();
	}

	@Override
	public Map<Long, KeyState> findAll(long groupId) {
		KeyPool pool = this.pools.get(groupId);
		return (pool != null) ? pool.states() : Map.of();
	}

	@Override
	public void restore(long groupId, Collection<Long> keyIds) {
		KeyPool pool = this.pools.get(groupId);
		if (pool != null) {
			pool.restore(keyIds);
		}
	}

	@EventListener
	void on(CatalogReplaced change) {
		if (this.running) {
			align(change.current().groups().values());
		}
	}

	@EventListener
	synchronized void on(KeysChanged change) {
		KeyPool pool = this.pools.get(change.groupId());
		if (pool != null) {
			load(change.groupId(), pool, change.keyIds());
		}
	}

	/**
	 * Gives each group a pool with its rules, and drops those of groups that are gone.
	 */
	private synchronized void align(Iterable<ServingGroup> groups) {
		Set<Long> ids = new HashSet<>();
		for (ServingGroup group : groups) {
			if (group.aggregate()) {
				continue;
			}
			ids.add(group.id());
			KeyPool pool = this.pools.get(group.id());
			if (pool == null) {
				pool = new KeyPool(KeyRules.of(group.settings()), this.time);
				load(group.id(), pool, Set.of());
				this.pools.put(group.id(), pool);
			}
			else {
				pool.rules(KeyRules.of(group.settings()));
			}
		}
		this.pools.keySet().retainAll(ids);
	}

	private void load(long groupId, KeyPool pool, Set<Long> wanted) {
		List<StoredKey> stored = wanted.isEmpty() ? this.store.readAll(groupId) : this.store.read(groupId, wanted);
		Set<Long> gone = new HashSet<>(wanted.isEmpty() ? pool.ids() : wanted);
		stored.forEach((key) -> gone.remove(key.id()));
		pool.put(stored);
		pool.remove(gone);
	}

	@Override
	public void start() {
		align(this.catalog.snapshot().groups().values());
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** After the catalog, whose groups it follows. */
	@Override
	public int getPhase() {
		return 10;
	}

}
