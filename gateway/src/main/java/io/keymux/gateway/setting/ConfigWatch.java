package io.keymux.gateway.setting;

import java.time.Duration;

import io.keymux.gateway.cluster.Ticker;

import org.springframework.context.SmartLifecycle;

/**
 * Every five seconds looks what the config server says now: it may have been away, or the
 * notice of a change was lost.
 */
class ConfigWatch implements SmartLifecycle {

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	/** Begins when the settings have been read and ends before them. */
	private static final int PHASE = 45;

	private final Ticker ticker;

	ConfigWatch(SystemSettings settings) {
		this.ticker = new Ticker("config-watch", INTERVAL, settings::reload);
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
		return PHASE;
	}

}
