package io.keymux.gateway.key;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

import io.keymux.gateway.provider.Outcome;

/**
 * The use of one key for one attempt; whoever takes it settles it, and only once counts.
 */
public final class KeyLease {

	private final KeyPool pool;

	private final PooledKey key;

	private final AtomicBoolean settled = new AtomicBoolean();

	KeyLease(KeyPool pool, PooledKey key) {
		this.pool = pool;
		this.key = key;
	}

	public long keyId() {
		return this.key.id();
	}

	/**
	 * The provider key itself.
	 * @return the secret; not to be kept
	 */
	public String secret() {
		return this.key.secret();
	}

	/**
	 * Ends the lease with what the attempt told.
	 * @param outcome the outcome
	 */
	public void settle(Outcome outcome) {
		if (this.settled.compareAndSet(false, true)) {
			this.pool.settle(this.key, outcome);
		}
	}

	/** Ends the lease without evidence: the caller hung up before anything was told. */
	public void abandon() {
		this.settled.set(true);
	}

	/**
	 * Ends the lease unused: the key is at a limit of its own, and others take its turns.
	 * @param until when it may be had again
	 * @param busy whether it may be had before, when one of its requests has ended
	 */
	public void limited(Instant until, boolean busy) {
		if (this.settled.compareAndSet(false, true)) {
			this.pool.limit(this.key, until, busy);
		}
	}

	/** A request of the key has ended. */
	public void free() {
		this.pool.free(this.key);
	}

	@Override
	public String toString() {
		return "KeyLease[keyId=" + this.key.id() + "]";
	}

}
