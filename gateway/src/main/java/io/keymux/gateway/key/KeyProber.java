package io.keymux.gateway.key;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.provider.Outcome;
import io.keymux.gateway.provider.Outcome.UpstreamFailed;
import org.jspecify.annotations.Nullable;
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

	private @Nullable ScheduledExecutorService scheduler;

	private @Nullable ScheduledFuture<?> ticking;

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
		ScheduledExecutorService executor = Executors
			.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("key-prober").daemon().factory());
		this.ticking = executor.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(),
				TimeUnit.MILLISECONDS);
		this.scheduler = executor;
	}

	@Override
	public void stop() {
		if (this.scheduler != null) {
			this.scheduler.shutdown();
			this.scheduler = null;
			this.ticking = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.ticking != null;
	}

	@Override
	public int getPhase() {
		return 30;
	}

}
