package io.keymux.gateway.setting;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Every five seconds looks what the config server says now: it may have been away, or the
 * notice of a change was lost.
 */
class ConfigWatch implements SmartLifecycle {

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	/** Begins when the settings have been read and ends before them. */
	private static final int PHASE = 45;

	private final SystemSettings settings;

	private @Nullable ScheduledExecutorService scheduler;

	private @Nullable ScheduledFuture<?> ticking;

	ConfigWatch(SystemSettings settings) {
		this.settings = settings;
	}

	@Override
	public void start() {
		ScheduledExecutorService executor = Executors
			.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("config-watch").daemon().factory());
		this.ticking = executor.scheduleWithFixedDelay(this.settings::reload, INTERVAL.toMillis(), INTERVAL.toMillis(),
				TimeUnit.MILLISECONDS);
		this.scheduler = executor;
	}

	@Override
	public void stop() {
		ScheduledExecutorService executor = this.scheduler;
		if (executor != null) {
			executor.shutdownNow();
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
		return PHASE;
	}

}
