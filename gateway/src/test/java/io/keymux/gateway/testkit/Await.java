package io.keymux.gateway.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/** Waits that end as soon as they can, and have a bound. */
public final class Await {

	/** How long a test waits for what should happen at once. */
	public static final Duration BOUND = Duration.ofSeconds(15);

	private Await() {
	}

	/**
	 * Waits for a future.
	 * @param <T> type of its value
	 * @param future what to wait for
	 * @return its value
	 */
	public static <T> T on(Future<T> future) {
		try {
			return future.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (Exception ex) {
			throw new AssertionError("not within " + BOUND + ": " + ex, ex);
		}
	}

	/**
	 * Waits for a condition.
	 * @param what what is waited for, as the failure names it
	 * @param condition tells whether it holds
	 */
	public static void until(String what, Callable<Boolean> condition) {
		until(what, BOUND, condition);
	}

	/**
	 * Waits for a condition that takes its time.
	 * @param what what is waited for, as the failure names it
	 * @param bound how long at most
	 * @param condition tells whether it holds
	 */
	public static void until(String what, Duration bound, Callable<Boolean> condition) {
		Awaitility.await(what).atMost(bound).pollInterval(Duration.ofMillis(5)).until(condition);
	}

}
