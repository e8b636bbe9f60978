package io.keymux.gateway.key;

import java.time.Duration;

import io.keymux.gateway.cluster.Ticker;
import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.GroupsChanged;
import io.keymux.gateway.group.ServingGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Reads secrets again that this node could not open: another node may seal them anew with
 * a key that this one has.
 */
@Component
class UnreadableRetry implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(UnreadableRetry.class);

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private final KeyPools pools;

	private final Catalog catalog;

	private final ApplicationEventPublisher publisher;

	private final Ticker ticker = new Ticker("unreadable-secrets", INTERVAL, this::retry);

	UnreadableRetry(KeyPools pools, Catalog catalog, ApplicationEventPublisher publisher) {
		this.pools = pools;
		this.catalog = catalog;
		this.publisher = publisher;
	}

	private void retry() {
		try {
			if (!this.catalog.snapshot().groups().values().stream().allMatch(ServingGroup::readable)) {
				this.publisher.publishEvent(new GroupsChanged());
			}
			this.pools.retryUnreadable();
		}
		catch (DataAccessException | TransactionException ex) {
			logger.debug("Unreadable secrets are read again later", ex);
		}
	}

	@Override
	public void start() {
		this.ticker.start(INTERVAL);
	}

	@Override
	public void stop() {
		this.ticker.stop();
	}

	@Override
	public boolean isRunning() {
		return this.ticker.running();
	}

	@Override
	public int getPhase() {
		return 30;
	}

}
