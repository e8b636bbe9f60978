package io.keymux.gateway.key;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.keymux.gateway.cluster.Ticker;
import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.ServingGroup;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Measures how many keys of each group are in which condition. */
@Component
class KeyPoolMeters implements SmartLifecycle {

	private static final Duration INTERVAL = Duration.ofSeconds(10);

	private final Catalog catalog;

	private final KeyPools pools;

	private final MultiGauge gauge;

	private final Ticker ticker = new Ticker("key-meters", INTERVAL, this::refresh);

	KeyPoolMeters(Catalog catalog, KeyPools pools, MeterRegistry registry) {
		this.catalog = catalog;
		this.pools = pools;
		this.gauge = MultiGauge.builder("keymux.key.pool")
			.description("provider keys of a group by condition")
			.register(registry);
	}

	/**
	 * Counts anew; a pool of 100,000 keys takes a millisecond, so no request and no
	 * scrape does it.
	 */
	private void refresh() {
		List<Row<?>> rows = new ArrayList<>();
		for (ServingGroup group : this.catalog.snapshot().groups().values()) {
			KeyPool pool = this.pools.find(group.id());
			if (pool != null) {
				Map<KeyCondition, Integer> counts = new EnumMap<>(KeyCondition.class);
				counts.putAll(pool.census().conditions());
				for (KeyCondition condition : KeyCondition.values()) {
					rows.add(Row.of(Tags.of("group", group.name(), "state", condition.name().toLowerCase(Locale.ROOT)),
							counts.getOrDefault(condition, 0)));
				}
			}
		}
		this.gauge.register(rows, true);
	}

	@Override
	public void start() {
		this.ticker.start(Duration.ZERO);
	}

	@Override
	public void stop() {
		this.ticker.stop();
	}

	@Override
	public boolean isRunning() {
		return this.ticker.running();
	}

	/** After the pools it counts. */
	@Override
	public int getPhase() {
		return 20;
	}

}
