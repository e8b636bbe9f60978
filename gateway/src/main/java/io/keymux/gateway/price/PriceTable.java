package io.keymux.gateway.price;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

import io.keymux.gateway.cluster.Replica;
import io.keymux.gateway.cluster.Revisions;
import io.keymux.gateway.token.TokenUsage;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The prices in memory; replaced as a whole when prices change. */
@Component
class PriceTable implements Prices, Replica, SmartLifecycle {

	/** Before anything serves. */
	private static final int PHASE = -50;

	private final PriceRows rows;

	private final Revisions revisions;

	private final List<Price> shipped = ShippedPrices.all();

	private volatile PriceSnapshot snapshot = new PriceSnapshot(List.of(), this.shipped);

	private volatile long revision;

	private volatile boolean running;

	PriceTable(PriceRows rows, Revisions revisions) {
		this.rows = rows;
		this.revisions = revisions;
	}

	@Override
	public @Nullable BigDecimal cost(String provider, String model, Instant at, TokenUsage tokens) {
		Price price = this.snapshot.find(provider, model, LocalDate.ofInstant(at, ZoneOffset.UTC));
		return (price != null) ? price.cost(tokens) : null;
	}

	/** One at a time: who reads last has seen every change before. */
	@Override
	@EventListener(PricesChanged.class)
	public synchronized void reload() {
		long next = this.revisions.read(name());
		this.snapshot = new PriceSnapshot(this.rows.findAll().stream().map(StoredPrice::price).toList(), this.shipped);
		this.revision = next;
	}

	@Override
	public String name() {
		return PriceRows.SCOPE;
	}

	@Override
	public long revision() {
		return this.revision;
	}

	@Override
	public void start() {
		reload();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
