package io.keymux.gateway.key;

import java.time.Duration;
import java.time.Instant;

import io.keymux.gateway.key.KeyStatus.Active;
import io.keymux.gateway.key.KeyStatus.Cooling;
import io.keymux.gateway.key.KeyStatus.Ejected;
import io.keymux.gateway.key.ProviderKeyStore.StoredKey;
import io.keymux.gateway.key.ProviderKeyStore.UnreadableKey;
import org.jspecify.annotations.Nullable;

/** A key in its pool; all but the identity is guarded by the pool's lock. */
final class PooledKey {

	private static final Duration MAX_PROBE_INTERVAL = Duration.ofMinutes(60);

	private final long id;

	private String secret;

	private int weight;

	private boolean enabled;

	private boolean removed;

	private KeyStatus status;

	private int failures;

	/** Failed probes, kept until real traffic succeeds: a quick relapse waits longer. */
	private int probes;

	/** Until when it is at a limit of its own, on this node's knowledge. */
	private @Nullable Instant limitedUntil;

	/** Whether that limit is one of requests at once. */
	private boolean busy;

	private @Nullable String lastError;

	private @Nullable Instant lastErrorAt;

	private long lastUsedMillis;

	private long requests;

	private int turns;

	private boolean queued;

	private boolean stateDirty;

	private boolean counterDirty;

	PooledKey(StoredKey stored) {
		this.id = stored.id();
		this.secret = stored.secret();
		this.weight = stored.weight();
		this.enabled = stored.enabled();
		this.status = stored.state().status();
		this.failures = stored.state().failures();
		this.probes = (this.status instanceof Ejected ejected) ? ejected.probes() : 0;
		this.lastError = stored.state().lastError();
		this.lastErrorAt = stored.state().lastErrorAt();
		Instant lastUsed = stored.state().lastUsedAt();
		this.lastUsedMillis = (lastUsed != null) ? lastUsed.toEpochMilli() : 0;
		this.requests = stored.state().requests();
	}

	/** Takes over what an operator may change; what traffic taught stays. */
	void update(StoredKey stored) {
		this.secret = stored.secret();
		this.weight = stored.weight();
		enable(stored.enabled());
	}

	/** The same with a secret that cannot be read any more; it has not changed. */
	void update(UnreadableKey stored) {
		this.weight = stored.weight();
		enable(stored.enabled());
	}

	private void enable(boolean wanted) {
		this.enabled = wanted;
		if (!wanted) {
			unlimit();
		}
	}

	boolean enabled() {
		return this.enabled;
	}

	long id() {
		return this.id;
	}

	String secret() {
		return this.secret;
	}

	KeyStatus status() {
		return this.status;
	}

	boolean available() {
		return this.limitedUntil == null && this.enabled && !this.removed && this.status instanceof Active;
	}

	/**
	 * Until when only a limit keeps the key from taking turns, or null. Whatever else
	 * keeps it lets this be forgotten: limits are counted elsewhere.
	 */
	@Nullable Instant limitedUntil() {
		return this.limitedUntil;
	}

	/** Whether that limit ends when one of the key's requests does. */
	boolean busy() {
		return this.busy;
	}

	void limit(Instant until, boolean untilFree) {
		if (available()) {
			this.limitedUntil = until;
			this.busy = untilFree;
		}
	}

	void unlimit() {
		this.limitedUntil = null;
		this.busy = false;
	}

	boolean resting() {
		return this.enabled && !this.removed && this.status instanceof Cooling;
	}

	boolean probeable() {
		return this.enabled && !this.removed && this.status instanceof Ejected;
	}

	void remove() {
		this.removed = true;
		unlimit();
	}

	/** Whether the key stands in the queue, so that it is never queued twice. */
	boolean queue() {
		if (this.queued) {
			return false;
		}
		this.queued = true;
		this.turns = this.weight;
		return true;
	}

	void unqueue() {
		this.queued = false;
	}

	/** Uses one turn; false when the key has had its turns of this cycle. */
	boolean take(long nowMillis) {
		this.lastUsedMillis = nowMillis;
		this.requests++;
		this.counterDirty = true;
		this.turns--;
		if (this.turns > 0) {
			return true;
		}
		this.turns = this.weight;
		return false;
	}

	void accepted() {
		if (this.failures != 0) {
			this.failures = 0;
			this.stateDirty = true;
		}
		this.probes = 0;
	}

	/**
	 * Cools until a moment, or longer if it already does; an ejected key stays ejected.
	 */
	boolean cool(Instant until) {
		boolean longer = this.status instanceof Active
				|| (this.status instanceof Cooling(var former) && until.isAfter(former));
		if (longer) {
			this.status = new Cooling(until);
			this.stateDirty = true;
			unlimit();
		}
		return longer;
	}

	void rejected(String reason, Instant now) {
		this.failures++;
		this.lastError = reason;
		this.lastErrorAt = now;
		this.stateDirty = true;
	}

	int failures() {
		return this.failures;
	}

	void eject(Instant now, Duration interval) {
		this.status = new Ejected(now.plus(probeInterval(interval)), this.probes);
		unlimit();
		this.stateDirty = true;
	}

	void probeFailed(Instant now, Duration interval, String reason) {
		this.probes++;
		rejected(reason, now);
		eject(now, interval);
	}

	private Duration probeInterval(Duration first) {
		Duration interval = first.multipliedBy(1L << Math.min(this.probes, 20));
		return (interval.compareTo(MAX_PROBE_INTERVAL) > 0) ? MAX_PROBE_INTERVAL : interval;
	}

	/** Lets the key take turns again; its error stays to be read. */
	void activate() {
		if (this.status instanceof Ejected) {
			this.failures = 0;
			this.probes++;
		}
		this.status = new Active();
		this.stateDirty = true;
	}

	/** A person vouches for the key: all is forgiven. */
	void restore() {
		this.probes = 0;
		this.failures = 0;
		this.status = new Active();
		this.stateDirty = true;
	}

	/** The state in one word, as the API and the metrics name it. */
	KeyCondition condition(Instant now) {
		return KeyCondition.of(this.enabled, this.status, now);
	}

	long requests() {
		return this.requests;
	}

	KeyState state() {
		return new KeyState(this.status, this.failures, this.lastError, this.lastErrorAt,
				(this.lastUsedMillis == 0) ? null : Instant.ofEpochMilli(this.lastUsedMillis), this.requests);
	}

	/** Whether there is something to store, and that it is being stored. */
	boolean clean(boolean countersToo) {
		boolean dirty = this.stateDirty || (countersToo && this.counterDirty);
		if (dirty) {
			this.stateDirty = false;
			this.counterDirty = false;
		}
		return dirty;
	}

	void dirty() {
		this.stateDirty = true;
	}

	boolean stateDirty() {
		return this.stateDirty;
	}

}
