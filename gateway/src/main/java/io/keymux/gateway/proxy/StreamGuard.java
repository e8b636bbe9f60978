package io.keymux.gateway.proxy;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import io.netty.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Watches one answer for silence; a chunk costs one clock reading, and the timer is set
 * again only when it fires.
 */
final class StreamGuard {

	private final Deadlines deadlines;

	private final long idleNanos;

	private final BooleanSupplier callerReads;

	private final Runnable onSilence;

	private volatile long lastChunk = System.nanoTime();

	private volatile boolean ended;

	private volatile @Nullable Timeout timeout;

	/**
	 * @param callerReads whether the caller takes what it is sent; while it does not, the
	 * silence is its own
	 */
	StreamGuard(Deadlines deadlines, Duration idle, BooleanSupplier callerReads, Runnable onSilence) {
		this.deadlines = deadlines;
		this.idleNanos = idle.toNanos();
		this.callerReads = callerReads;
		this.onSilence = onSilence;
	}

	void start() {
		arm(this.idleNanos);
	}

	void chunk() {
		this.lastChunk = System.nanoTime();
	}

	void end() {
		this.ended = true;
		Timeout armed = this.timeout;
		if (armed != null) {
			armed.cancel();
		}
	}

	private void arm(long nanos) {
		this.timeout = this.deadlines.after(Duration.ofNanos(nanos), this::check);
	}

	private void check() {
		if (this.ended) {
			return;
		}
		if (!this.callerReads.getAsBoolean()) {
			chunk();
		}
		long left = this.idleNanos - (System.nanoTime() - this.lastChunk);
		if (left > 0) {
			arm(left);
		}
		else {
			this.onSilence.run();
		}
	}

}
