package io.keymux.gateway.key;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

import io.keymux.gateway.key.KeyStatus.Active;
import io.keymux.gateway.key.KeyStatus.Cooling;
import io.keymux.gateway.key.KeyStatus.Ejected;
import io.keymux.gateway.key.ProviderKeyStore.StoredKey;
import io.keymux.gateway.key.ProviderKeyStore.StoredKeys;
import io.keymux.gateway.key.ProviderKeyStore.UnreadableKey;
import io.keymux.gateway.provider.Outcome.Accepted;
import io.keymux.gateway.provider.Outcome.CallerRejected;
import io.keymux.gateway.provider.Outcome.KeyRejected;
import io.keymux.gateway.provider.Outcome.Throttled;
import io.keymux.gateway.provider.Outcome.UpstreamFailed;
import io.keymux.gateway.provider.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider keys of one group that take turns.
 *
 * <p>
 * Interleaved weighted round robin on two queues: a key with turns left goes back to the
 * end of this cycle's, one without to the next cycle's. Keys that may not be used are
 * dropped when they come up and queued again when they return, so a lease costs the same
 * with ten keys and with a hundred thousand.
 */
public final class KeyPool {

	private static final Logger logger = LoggerFactory.getLogger(KeyPool.class);

	private final InstantSource time;

	private final PauseRule pause = new PauseRule();

	private final Map<Long, PooledKey> keys = new HashMap<>();

	private final UnreadableKeys unreadable = new UnreadableKeys();

	/** How many of the keys an operator lets take turns. */
	private int enabled;

	private ArrayDeque<PooledKey> cycle = new ArrayDeque<>();

	private ArrayDeque<PooledKey> nextCycle = new ArrayDeque<>();

	private final PriorityQueue<Due> cooling = new PriorityQueue<>(Comparator.comparing(Due::at));

	private final PriorityQueue<Due> limited = new PriorityQueue<>(Comparator.comparing(Due::at));

	private final PriorityQueue<Due> probes = new PriorityQueue<>(Comparator.comparing(Due::at));

	private List<PooledKey> changed = new ArrayList<>();

	private volatile KeyRules rules;

	KeyPool(KeyRules rules, InstantSource time) {
		this.rules = rules;
		this.time = time;
	}

	void rules(KeyRules rules) {
		this.rules = rules;
	}

	/**
	 * Takes the key whose turn it is.
	 * @param tried keys this request has used before; one of them is taken again only
	 * when no other is left
	 * @return the lease, or why there is none
	 */
	public synchronized Leasing lease(Collection<Long> tried) {
		Instant now = this.time.instant();
		wake(now);
		Instant pausedUntil = this.pause.until(now);
		if (pausedUntil != null) {
			return new Leasing.Exhausted(pausedUntil);
		}
		PooledKey key = rotate(now, tried);
		if (key != null) {
			return new Leasing.Leased(new KeyLease(this, key));
		}
		Instant limitedUntil = limitedUntil();
		if (limitedUntil != null) {
			return new Leasing.Limited(limitedUntil);
		}
		return unreadable() ? new Leasing.Unreadable() : new Leasing.Exhausted(firstBack());
	}

	/**
	 * When the first key may be had again that is at a limit of its own.
	 * @return a moment, or null if no key waits for one
	 */
	public synchronized @Nullable Instant limitedUntil() {
		Due due = this.limited.peek();
		while (due != null && !due.limits()) {
			this.limited.remove();
			due = this.limited.peek();
		}
		return (due != null) ? due.at : null;
	}

	/** Passes over a key until a moment, or until one of its requests has ended. */
	synchronized void limit(PooledKey key, Instant until, boolean busy) {
		key.limit(until, busy);
		if (until.equals(key.limitedUntil())) {
			this.limited.add(new Due(until, key));
		}
	}

	synchronized void free(PooledKey key) {
		if (key.busy()) {
			unlimit(key);
		}
	}

	private void unlimit(PooledKey key) {
		key.unlimit();
		enqueue(key);
	}

	/**
	 * Whether the pool has no key because this node can open none.
	 * @return true if keys are stored and none of those that may take turns is readable
	 */
	public synchronized boolean unreadable() {
		return this.enabled == 0 && this.unreadable.anyEnabled();
	}

	private @Nullable PooledKey rotate(Instant now, Collection<Long> tried) {
		List<PooledKey> skipped = new ArrayList<>(tried.size());
		PooledKey key = nextUntried(tried, skipped);
		if (key == null && !skipped.isEmpty()) {
			key = skipped.removeFirst();
		}
		putBack(skipped);
		if (key != null) {
			(key.take(now.toEpochMilli()) ? this.cycle : this.nextCycle).addLast(key);
		}
		return key;
	}

	/** Passes over the few keys this request has used before. */
	private @Nullable PooledKey nextUntried(Collection<Long> tried, List<PooledKey> skipped) {
		PooledKey key = nextAvailable();
		while (key != null && tried.contains(key.id())) {
			skipped.add(key);
			key = nextAvailable();
		}
		return key;
	}

	private void putBack(List<PooledKey> skipped) {
		for (PooledKey key : skipped.reversed()) {
			this.cycle.addFirst(key);
		}
	}

	private @Nullable PooledKey nextAvailable() {
		while (true) {
			if (this.cycle.isEmpty()) {
				if (this.nextCycle.isEmpty()) {
					return null;
				}
				ArrayDeque<PooledKey> finished = this.cycle;
				this.cycle = this.nextCycle;
				this.nextCycle = finished;
			}
			PooledKey key = this.cycle.removeFirst();
			if (key.available()) {
				return key;
			}
			key.unqueue();
		}
	}

	private void wake(Instant now) {
		wakeLimited(now);
		Due due = this.cooling.peek();
		while (due != null && !due.at.isAfter(now)) {
			this.cooling.remove();
			if (due.key.status() instanceof Cooling(var until) && !until.isAfter(now)) {
				due.key.activate();
				changed(due.key);
				enqueue(due.key);
			}
			due = this.cooling.peek();
		}
	}

	private void wakeLimited(Instant now) {
		Due due = this.limited.peek();
		while (due != null && !due.at.isAfter(now)) {
			this.limited.remove();
			if (due.limits()) {
				unlimit(due.key);
			}
			due = this.limited.peek();
		}
	}

	private void enqueue(PooledKey key) {
		if (key.available() && key.queue()) {
			this.cycle.addLast(key);
		}
	}

	/** When the first resting key is back, or the first ejected one is asked again. */
	private @Nullable Instant firstBack() {
		Instant rested = first(this.cooling);
		return (rested != null) ? rested : first(this.probes);
	}

	private static @Nullable Instant first(PriorityQueue<Due> queue) {
		Due due = queue.peek();
		while (due != null && !due.current()) {
			queue.remove();
			due = queue.peek();
		}
		return (due != null) ? due.at : null;
	}

	/**
	 * Whether a lease would find a key.
	 * @param tried keys that do not count
	 * @return true if an active key is left and the pool is not paused
	 */
	public synchronized boolean canLease(Collection<Long> tried) {
		Instant now = this.time.instant();
		wake(now);
		if (this.pause.until(now) != null) {
			return false;
		}
		List<PooledKey> skipped = new ArrayList<>();
		PooledKey key = nextUntried(tried, skipped);
		if (key != null) {
			skipped.add(key);
		}
		putBack(skipped);
		return key != null;
	}

	/**
	 * When a key may be had again.
	 * @return a moment, or null if nothing but a person can help
	 */
	public synchronized @Nullable Instant firstAvailable() {
		Instant paused = this.pause.until(this.time.instant());
		return (paused != null) ? paused : firstBack();
	}

	synchronized void settle(PooledKey key, Outcome outcome) {
		Instant now = this.time.instant();
		switch (outcome) {
			case Accepted _ -> {
				key.accepted();
				this.pause.accepted();
			}
			case Throttled throttled -> {
				Duration rest = rest(throttled);
				cool(key, now.plus(rest));
				this.pause.throttled(throttled.scope(), now, rest, this.rules.cooldown());
			}
			case KeyRejected(var reason) -> {
				key.rejected(reason, now);
				if (this.rules.ejects(key.failures()) && !(key.status() instanceof Ejected)) {
					key.eject(now, this.rules.probeInterval());
					enterProbes(key);
					logger.warn("Key {} is ejected after {} rejections: {}", key.id(), key.failures(), reason);
				}
			}
			case UpstreamFailed _, CallerRejected _ -> {
			}
		}
		changed(key);
	}

	private Duration rest(Throttled throttled) {
		return (throttled.retryAfter() != null) ? throttled.retryAfter() : this.rules.cooldown();
	}

	private void cool(PooledKey key, Instant until) {
		if (key.cool(until)) {
			this.cooling.add(new Due(until, key));
		}
	}

	private void enterProbes(PooledKey key) {
		if (key.status() instanceof Ejected ejected) {
			this.probes.add(new Due(ejected.nextProbe(), key));
		}
	}

	private void changed(PooledKey key) {
		if (key.stateDirty()) {
			this.changed.add(key);
		}
	}

	/** Takes the ejected keys whose probe is due; each is due again only when settled. */
	synchronized List<PooledKey> dueProbes(int limit) {
		Instant now = this.time.instant();
		List<PooledKey> due = new ArrayList<>();
		while (due.size() < limit) {
			Instant first = first(this.probes);
			if (first == null || first.isAfter(now)) {
				return due;
			}
			PooledKey key = this.probes.remove().key;
			if (key.probeable()) {
				due.add(key);
			}
		}
		return due;
	}

	/** Takes note of a probe: only a rejection keeps the key out. */
	synchronized void probed(PooledKey key, Outcome outcome) {
		if (!(key.status() instanceof Ejected)) {
			return;
		}
		Instant now = this.time.instant();
		switch (outcome) {
			case Accepted _, CallerRejected _ -> {
				key.activate();
				enqueue(key);
			}
			case Throttled throttled -> {
				key.activate();
				cool(key, now.plus(rest(throttled)));
			}
			case KeyRejected(var reason) -> {
				key.probeFailed(now, this.rules.probeInterval(), reason);
				enterProbes(key);
			}
			case UpstreamFailed _ -> this.probes.add(new Due(now.plus(this.rules.probeInterval()), key));
		}
		changed(key);
	}

	/**
	 * Takes note of a probe someone asked for: a rejection ejects at once, whatever the
	 * key did before.
	 */
	synchronized void examined(long id, Outcome outcome) {
		PooledKey key = this.keys.get(id);
		if (key == null) {
			return;
		}
		if (key.status() instanceof Ejected) {
			probed(key, outcome);
		}
		else if (outcome instanceof KeyRejected(var reason) && this.rules.ejectionThreshold() > 0) {
			Instant now = this.time.instant();
			key.rejected(reason, now);
			key.eject(now, this.rules.probeInterval());
			enterProbes(key);
			changed(key);
		}
		else if (!(outcome instanceof Throttled)) {
			settle(key, outcome);
		}
	}

	synchronized @Nullable String secret(long id) {
		PooledKey key = this.keys.get(id);
		return (key != null) ? key.secret() : null;
	}

	/** Restores keys a person vouches for. */
	synchronized void restore(Collection<Long> ids) {
		for (Long id : ids) {
			PooledKey key = this.keys.get(id);
			if (key != null && !(key.status() instanceof Active)) {
				key.restore();
				enqueue(key);
				changed(key);
			}
		}
	}

	/** Takes over keys as stored: new ones join, known ones keep what they learned. */
	synchronized void put(StoredKeys stored) {
		stored.readable().forEach(this::put);
		stored.unreadable().forEach(this::put);
	}

	private void put(StoredKey stored) {
		this.unreadable.remove(stored.id());
		PooledKey key = this.keys.get(stored.id());
		if (key == null) {
			key = new PooledKey(stored);
			this.keys.put(stored.id(), key);
			this.enabled += key.enabled() ? 1 : 0;
		}
		else {
			this.enabled += change(key, stored.enabled());
			key.update(stored);
		}
		join(key);
	}

	/**
	 * A key that was readable before is the same key, sealed anew by another node: it
	 * goes on taking turns.
	 */
	private void put(UnreadableKey stored) {
		this.unreadable.put(stored.id(), stored.enabled());
		PooledKey key = this.keys.get(stored.id());
		if (key != null) {
			this.enabled += change(key, stored.enabled());
			key.update(stored);
			join(key);
		}
	}

	private static int change(PooledKey key, boolean isEnabled) {
		return (isEnabled ? 1 : 0) - (key.enabled() ? 1 : 0);
	}

	private void join(PooledKey key) {
		enqueue(key);
		if (key.resting() && key.status() instanceof Cooling(var until)) {
			this.cooling.add(new Due(until, key));
		}
		if (key.probeable()) {
			enterProbes(key);
		}
	}

	/** Drops keys that are stored no more. */
	synchronized void remove(Collection<Long> ids) {
		for (Long id : ids) {
			this.unreadable.remove(id);
			PooledKey key = this.keys.remove(id);
			if (key != null) {
				this.enabled -= key.enabled() ? 1 : 0;
				key.remove();
			}
		}
	}

	synchronized Set<Long> ids() {
		Set<Long> ids = new HashSet<>(this.keys.keySet());
		ids.addAll(this.unreadable.ids());
		return ids;
	}

	synchronized Set<Long> unreadableIds() {
		return this.unreadable.ids();
	}

	synchronized @Nullable KeyState state(long id) {
		wake(this.time.instant());
		PooledKey key = this.keys.get(id);
		return (key != null) ? key.state() : null;
	}

	synchronized Map<Long, KeyState> states() {
		wake(this.time.instant());
		Map<Long, KeyState> states = new HashMap<>();
		this.keys.forEach((id, key) -> states.put(id, key.state()));
		return states;
	}

	/** Takes the states that are not stored yet; use counters only now and then. */
	synchronized Map<Long, KeyState> takeChanged(boolean countersToo) {
		Map<Long, KeyState> states = new LinkedHashMap<>();
		Collection<PooledKey> candidates = countersToo ? this.keys.values() : this.changed;
		for (PooledKey key : candidates) {
			if (key.clean(countersToo)) {
				states.put(key.id(), key.state());
			}
		}
		this.changed = new ArrayList<>();
		return states;
	}

	/** Storing failed: the states are still to be stored. */
	synchronized void stillChanged(Collection<Long> ids) {
		for (Long id : ids) {
			PooledKey key = this.keys.get(id);
			if (key != null) {
				key.dirty();
				this.changed.add(key);
			}
		}
	}

	/** Counts the keys. */
	synchronized Census census() {
		Instant now = this.time.instant();
		wake(now);
		Map<KeyCondition, Integer> conditions = new EnumMap<>(KeyCondition.class);
		long requests = 0;
		for (PooledKey key : this.keys.values()) {
			conditions.merge(key.condition(now), 1, Integer::sum);
			requests += key.requests();
		}
		boolean waiting = this.pause.until(now) != null || !conditions.containsKey(KeyCondition.ACTIVE);
		return new Census(conditions, ids().size(), this.unreadable.size(), requests,
				waiting ? firstAvailable() : null);
	}

	/** What a pool holds at a moment. */
	record Census(Map<KeyCondition, Integer> conditions, int keys, int unreadable, long requests,
			@Nullable Instant availableAt) {
	}

	/** Whether a key was promised and when it may be had. */
	public sealed interface Leasing {

		/**
		 * A key.
		 *
		 * @param lease its use for one attempt
		 */
		record Leased(KeyLease lease) implements Leasing {
		}

		/**
		 * No key.
		 *
		 * @param until when there may be one again, or null if nobody knows
		 */
		record Exhausted(@Nullable Instant until) implements Leasing {
		}

		/**
		 * No key, as those that might serve are at limits of their own.
		 *
		 * @param until when the first of them may be had again
		 */
		record Limited(Instant until) implements Leasing {
		}

		/** No key, as this node can open none of them. */
		record Unreadable() implements Leasing {
		}

	}

	/** A moment at which something is to happen to a key, unless it changed meanwhile. */
	private record Due(Instant at, PooledKey key) {

		boolean limits() {
			return this.at.equals(this.key.limitedUntil());
		}

		boolean current() {
			return switch (this.key.status()) {
				case Active _ -> false;
				case Cooling(var until) -> this.key.resting() && until.equals(this.at);
				case Ejected _ -> this.key.probeable();
			};
		}

	}

}
