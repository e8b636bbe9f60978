package io.keymux.gateway.proxy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * Requests of one group that wait for a key. Callers take turns, and the requests of a
 * caller go in order. Whoever is woken tries; if he gets a key he wakes the next, if not
 * he is the first again.
 */
final class KeyQueue {

	private static final Duration PERIOD = Duration.ofSeconds(1);

	private final SequencedMap<Long, Deque<Waiter>> callers = new LinkedHashMap<>();

	private int size;

	synchronized int size() {
		return this.size;
	}

	/** Whether others wait, so that whoever comes now has to stand behind them. */
	synchronized boolean busy() {
		return this.size > 0;
	}

	/**
	 * Waits for a turn to try.
	 * @param caller who waits
	 * @param again whether this request was woken and got no key
	 * @param limit how many may wait
	 * @param soon time after which one of those who wait tries, whoever it is then, and
	 * again each second
	 * @return true at its turn, false if too many wait already
	 */
	Mono<Boolean> turn(long caller, boolean again, int limit, Duration soon) {
		return Mono.create((sink) -> enter(new Waiter(caller, sink), again, limit, soon));
	}

	private void enter(Waiter waiter, boolean again, int limit, Duration soon) {
		synchronized (this) {
			if (this.size >= limit && !again) {
				waiter.sink.success(false);
				return;
			}
			Deque<Waiter> own = this.callers.computeIfAbsent(waiter.caller, (_) -> new ArrayDeque<>());
			if (again) {
				own.addFirst(waiter);
				this.callers.putFirst(waiter.caller, own);
			}
			else {
				own.addLast(waiter);
			}
			this.size++;
		}
		// Whoever is woken might get nothing and not come back.
		Disposable timer = Schedulers.parallel()
			.schedulePeriodically(this::wakeNow, Math.max(1, soon.toMillis()), PERIOD.toMillis(),
					TimeUnit.MILLISECONDS);
		waiter.sink.onDispose(() -> {
			timer.dispose();
			leave(waiter);
		});
	}

	private synchronized void leave(Waiter waiter) {
		Deque<Waiter> own = this.callers.get(waiter.caller);
		if (own != null && own.remove(waiter)) {
			this.size--;
			if (own.isEmpty()) {
				this.callers.remove(waiter.caller);
			}
		}
	}

	/** One may try, on a thread of its own: he wakes the next in turn. */
	void wake() {
		if (busy()) {
			Schedulers.parallel().schedule(this::wakeNow);
		}
	}

	private void wakeNow() {
		Waiter next = next();
		if (next != null) {
			next.sink.success(true);
		}
	}

	private synchronized @Nullable Waiter next() {
		Map.Entry<Long, Deque<Waiter>> caller = this.callers.pollFirstEntry();
		if (caller == null) {
			return null;
		}
		Waiter next = caller.getValue().removeFirst();
		this.size--;
		if (!caller.getValue().isEmpty()) {
			this.callers.putLast(caller.getKey(), caller.getValue());
		}
		return next;
	}

	/** A request that waits; the same only as itself. */
	private static final class Waiter {

		private final long caller;

		private final MonoSink<Boolean> sink;

		Waiter(long caller, MonoSink<Boolean> sink) {
			this.caller = caller;
			this.sink = sink;
		}

	}

}
