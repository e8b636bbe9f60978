package io.keymux.e2e;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for something that another process does. */
final class Poll {

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private Poll() {
	}

	/**
	 * Waits until a condition holds.
	 * @param bound how long at most
	 * @param condition asked again and again
	 * @param what says what was waited for, and more
	 */
	static void until(Duration bound, BooleanSupplier condition, Supplier<String> what) {
		try {
			Awaitility.await().atMost(bound).pollInterval(INTERVAL).until(condition::getAsBoolean);
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError("Waited %s for %s".formatted(bound, what.get()), ex);
		}
	}

}
