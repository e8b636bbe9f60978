package io.keymux.gateway.access;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import io.keymux.gateway.cluster.Replica;
import io.keymux.gateway.cluster.Revisions;
import io.keymux.gateway.crypto.KeyHash;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.provider.ModelPatterns;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Callers by the hash of their key; replaced as a whole when access keys change. */
@Component
class CallerTable implements Callers, Replica, SmartLifecycle {

	/** After the first run has declared its access keys, before anything serves. */
	private static final int PHASE = -50;

	private final AccessKeyTable table;

	private final KeyedHasher hasher;

	private volatile Map<KeyHash, Caller> callers = Map.of();

	private final Revisions revisions;

	private volatile long revision;

	private volatile boolean running;

	CallerTable(AccessKeyTable table, Revisions revisions, KeyedHasher hasher) {
		this.table = table;
		this.revisions = revisions;
		this.hasher = hasher;
	}

	@Override
	public @Nullable Caller find(String accessKey) {
		return this.callers.get(this.hasher.hash(accessKey));
	}

	/** One at a time: who reads last has seen every change before. */
	@Override
	@EventListener(AccessKeysChanged.class)
	public synchronized void reload() {
		long next = this.revisions.read(name());
		Map<KeyHash, Caller> loaded = new HashMap<>();
		for (AccessKeyTable.Hashed stored : this.table.findAllHashed()) {
			AccessKey key = stored.key();
			loaded.put(stored.hash(), caller(key, key.expiresAt()));
			KeyHash previous = stored.previous();
			if (previous != null) {
				loaded.put(previous, caller(key, earlier(key.expiresAt(), key.previousUntil())));
			}
		}
		this.callers = Map.copyOf(loaded);
		this.revision = next;
	}

	@Override
	public String name() {
		return "access-keys";
	}

	@Override
	public long revision() {
		return this.revision;
	}

	@Override
	public void start() {
		reload();
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

	@Override
	public int getPhase() {
		return PHASE;
	}

	private static @Nullable Instant earlier(@Nullable Instant first, @Nullable Instant second) {
		if (first == null || second == null) {
			return (first != null) ? first : second;
		}
		return first.isBefore(second) ? first : second;
	}

	private static Caller caller(AccessKey key, @Nullable Instant expiresAt) {
		return new Caller(key.id(), key.name(), Set.copyOf(key.groups()), new ModelPatterns(key.models()),
				key.enabled(), expiresAt, key.limits(), key.quota());
	}

}
