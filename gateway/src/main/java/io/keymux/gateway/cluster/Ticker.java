package io.keymux.gateway.cluster;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something again and again, one run after the other, on a thread of its own. A run
 * that fails is logged and does not end it.
 */
public final class Ticker {

	private static final Logger logger = LoggerFactory.getLogger(Ticker.class);

	private final String name;

	private final Duration pause;

	private final Runnable work;

	private @Nullable ScheduledExecutorService executor;

	private @Nullable ScheduledFuture<?> next;

	/**
	 * Does nothing before it is started.
	 * @param name name of the thread
	 * @param pause time from the end of a run to the next
	 * @param work what to do; is never interrupted
	 */
	public Ticker(String name, Duration pause, Runnable work) {
		this.name = name;
		this.pause = pause;
		this.work = work;
	}

	/**
	 * Begins, unless it has.
	 * @param first time until the first run
	 */
	public synchronized void start(Duration first) {
		if (this.executor == null) {
			this.executor = Executors
				.newSingleThreadScheduledExecutor(Thread.ofPlatform().name(this.name).daemon().factory());
			plan(first);
		}
	}

	/**
	 * Plans the next run anew; does nothing while it is stopped.
	 * @param after time until the next run, or until the one after it if one runs now
	 */
	public synchronized void plan(Duration after) {
		ScheduledFuture<?> planned = this.next;
		if (planned != null) {
			planned.cancel(false);
		}
		ScheduledExecutorService running = this.executor;
		this.next = (running != null) ? running.schedule(this::run, after.toMillis(), TimeUnit.MILLISECONDS) : null;
	}

	private void run() {
		begun();
		try {
			this.work.run();
		}
		catch (RuntimeException ex) {
			logger.error("A run of {} failed", this.name, ex);
		}
		ended();
	}

	private synchronized void begun() {
		this.next = null;
	}

	/** Unless somebody planned the next run while this one ran. */
	private synchronized void ended() {
		if (this.next == null) {
			plan(this.pause);
		}
	}

	/** No further run begins; one that runs goes on. */
	public void stop() {
		stop(Duration.ZERO);
	}

	/**
	 * No further run begins, and the one that runs is waited for.
	 * @param patience how long
	 * @return whether none runs any more
	 */
	public boolean stop(Duration patience) {
		ScheduledExecutorService stopped = end();
		if (stopped == null) {
			return true;
		}
		stopped.shutdown();
		try {
			return stopped.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private synchronized @Nullable ScheduledExecutorService end() {
		ScheduledExecutorService stopped = this.executor;
		this.executor = null;
		// A run that is planned would keep the executor until its time.
		plan(this.pause);
		return stopped;
	}

	/**
	 * Whether it goes on.
	 * @return true from its start to its stop
	 */
	public synchronized boolean running() {
		return this.executor != null;
	}

}
