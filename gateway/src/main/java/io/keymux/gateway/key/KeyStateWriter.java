package io.keymux.gateway.key;

import java.time.Duration;
import java.util.Map;

import io.keymux.gateway.cluster.Ticker;
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

	private final Ticker ticker = new Ticker("key-states", INTERVAL, this::write);

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
		this.ticker.start(INTERVAL);
	}

	@Override
	public void stop() {
		if (this.ticker.running()) {
			this.ticker.stop();
			write(true);
		}
	}

	@Override
	public boolean isRunning() {
		return this.ticker.running();
	}

	/** Stops after the web server has let go of its last request. */
	@Override
	public int getPhase() {
		return 20;
	}

}
