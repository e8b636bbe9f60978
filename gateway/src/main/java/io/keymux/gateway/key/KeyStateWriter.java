package io.keymux.gateway.key;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Stores what the pools learn, off the hot path: changed states every second, counters of
 * use every ten minutes (a busy pool changes all of them), both at the end.
 */
@Component
class KeyStateWriter implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(KeyStateWriter.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final int ROUNDS_PER_COUNTERS = 600;

	private final KeyPools pools;

	private final ProviderKeyStore store;

	private @Nullable ScheduledExecutorService scheduler;

	private @Nullable ScheduledFuture<?> ticking;

	private int round;

	private boolean failing;

	KeyStateWriter(KeyPools pools, ProviderKeyStore store) {
		this.pools = pools;
		this.store = store;
	}

	private void write() {
		write(++this.round % ROUNDS_PER_COUNTERS == 0);
	}

	private synchronized void write(boolean countersToo) {
		this.pools.all().forEach((groupId, pool) -> {
			Map<Long, KeyState> states = pool.takeChanged(countersToo);
			if (!states.isEmpty()) {
				write(groupId, pool, states);
			}
		});
	}

	private void write(long groupId, KeyPool pool, Map<Long, KeyState> states) {
		try {
			this.store.writeStates(states);
			this.failing = false;
		}
		catch (DataAccessException | TransactionException ex) {
			pool.stillChanged(states.keySet());
			if (!this.failing) {
				logger.warn("Key states of group {} cannot be stored now and will be later: {}", groupId,
						ex.getClass().getSimpleName());
			}
			this.failing = true;
		}
	}

	@Override
	public void start() {
		ScheduledExecutorService executor = Executors
			.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("key-states").daemon().factory());
		this.ticking = executor.scheduleWithFixedDelay(this::write, INTERVAL.toMillis(), INTERVAL.toMillis(),
				TimeUnit.MILLISECONDS);
		this.scheduler = executor;
	}

	@Override
	public void stop() {
		ScheduledExecutorService executor = this.scheduler;
		if (executor != null) {
			executor.shutdown();
			this.scheduler = null;
			this.ticking = null;
			write(true);
		}
	}

	@Override
	public boolean isRunning() {
		return this.ticking != null;
	}

	/** Stops after the web server has let go of its last request. */
	@Override
	public int getPhase() {
		return 20;
	}

}
