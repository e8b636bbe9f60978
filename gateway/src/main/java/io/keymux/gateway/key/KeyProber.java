package io.keymux.gateway.key;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.keymux.gateway.cluster.Ticker;
import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.provider.Outcome.UpstreamFailed;
import io.keymux.gateway.provider.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Asks providers, at growing intervals, whether ejected keys work again. */
@Component
class KeyProber implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(KeyProber.class);

	private static final Duration TICK = Duration.ofMillis(500);

	private final KeyPools pools;

	private final Catalog catalog;

	private final KeyProbe probe;

	private final Map<Long, AtomicInteger> running = new ConcurrentHashMap<>();

	private final Ticker ticker = new Ticker("key-prober", TICK, this::tick);

	KeyProber(KeyPools pools, Catalog catalog, KeyProbe probe) {
		this.pools = pools;
		this.catalog = catalog;
		this.probe = probe;
	}

	private void tick() {
		for (ServingGroup group : this.catalog.snapshot().groups().values()) {
			KeyPool pool = this.pools.find(group.id());
			if (pool != null && group.group().enabled()) {
				probeDue(group, pool);
			}
		}
		this.running.values().removeIf((count) -> count.get() == 0);
	}

	private void probeDue(ServingGroup group, KeyPool pool) {
		AtomicInteger count = this.running.computeIfAbsent(group.id(), (_) -> new AtomicInteger());
		for (PooledKey key : pool.dueProbes(group.settings().probeConcurrency() - count.get())) {
			count.incrementAndGet();
			this.probe.probe(group, key.secret())
				.onErrorResume((ex) -> Mono.just(new UpstreamFailed(ex.getClass().getSimpleName())))
				.doFinally((_) -> count.decrementAndGet())
				.subscribe((outcome) -> settle(group, pool, key, outcome));
		}
	}

	private static void settle(ServingGroup group, KeyPool pool, PooledKey key, Outcome outcome) {
		pool.probed(key, outcome);
		if (logger.isDebugEnabled()) {
			logger.debug("Probe of key {} in group {}: {}", key.id(), group.name(), outcome);
		}
	}

	@Override
	public void start() {
		this.ticker.start(TICK);
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
