package io.keymux.gateway.key;

import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.keymux.gateway.cluster.Replica;
import io.keymux.gateway.group.Catalog.CatalogReplaced;
import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.key.ProviderKeyStore.StoredKeys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The key pools of all groups, kept equal to what is stored. */
@Component
public class KeyPools implements LiveKeyStates, Replica, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(KeyPools.class);

	private final ProviderKeyStore store;

	private final Catalog catalog;

	private final InstantSource time;

	private final Map<Long, KeyPool> pools = new ConcurrentHashMap<>();

	/** Revision of the keys that are in each pool. */
	private final Map<Long, Long> revisions = new ConcurrentHashMap<>();

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
		if (pool == null || (change.revision() != 0 && change.revision() <= known(change.groupId()))) {
			return;
		}
		boolean next = change.revision() == known(change.groupId()) + 1;
		if (next && !change.keyIds().isEmpty()) {
			load(change.groupId(), pool, change.keyIds());
			this.revisions.put(change.groupId(), change.revision());
		}
		else {
			loadAll(change.groupId(), pool);
		}
	}

	private long known(long groupId) {
		return this.revisions.getOrDefault(groupId, -1L);
	}

	/** The revision is read first: what is written meanwhile is read again. */
	private void loadAll(long groupId, KeyPool pool) {
		long revision = this.store.revision(groupId);
		load(groupId, pool, Set.of());
		this.revisions.put(groupId, revision);
	}

	@Override
	public String name() {
		return "provider-keys";
	}

	/** The sum of those of all groups. */
	@Override
	public long revision() {
		return this.revisions.values().stream().mapToLong(Long::longValue).sum();
	}

	@Override
	public boolean behind(Map<String, Long> stored) {
		return !missed().isEmpty();
	}

	@Override
	public synchronized void reload() {
		missed().forEach((groupId) -> {
			KeyPool pool = this.pools.get(groupId);
			if (pool != null) {
				loadAll(groupId, pool);
			}
		});
	}

	private List<Long> missed() {
		return this.store.revisions()
			.entrySet()
			.stream()
			.filter((stored) -> this.pools.containsKey(stored.getKey()) && stored.getValue() > known(stored.getKey()))
			.map(Map.Entry::getKey)
			.toList();
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
				loadAll(group.id(), pool);
				this.pools.put(group.id(), pool);
			}
			else {
				pool.rules(KeyRules.of(group.settings()));
			}
		}
		this.pools.keySet().retainAll(ids);
		this.revisions.keySet().retainAll(ids);
	}

	/**
	 * Reads the keys again that could not be opened, as another node may seal them anew.
	 */
	synchronized void retryUnreadable() {
		this.pools.forEach((groupId, pool) -> {
			Set<Long> unreadable = pool.unreadableIds();
			if (!unreadable.isEmpty()) {
				load(groupId, pool, unreadable);
			}
		});
	}

	private void load(long groupId, KeyPool pool, Set<Long> wanted) {
		int before = pool.unreadableIds().size();
		StoredKeys stored = wanted.isEmpty() ? this.store.readAll(groupId) : this.store.read(groupId, wanted);
		Set<Long> gone = new HashSet<>(wanted.isEmpty() ? pool.ids() : wanted);
		stored.readable().forEach((key) -> gone.remove(key.id()));
		stored.unreadable().forEach((key) -> gone.remove(key.id()));
		pool.put(stored);
		pool.remove(gone);
		int after = pool.unreadableIds().size();
		if (after > before) {
			logger.error("{} keys of group {} are sealed with an encryption key this node does not have", after,
					groupId);
		}
		else if (after < before) {
			logger.info("{} keys of group {} are readable again, {} are not", before - after, groupId, after);
		}
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
