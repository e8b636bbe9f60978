package io.keymux.config;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;

/**
 * Looks at the gateways' document again and again, and has a change published; what could
 * not be published stays pending until it could.
 */
class DocumentWatch implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(DocumentWatch.class);

	private final GatewayDocument document;

	private final @Nullable ChangePublisher publisher;

	private final Duration interval;

	private volatile Reading reading = Reading.refused("Not read yet", Set.of());

	private volatile @Nullable String published;

	private volatile boolean failing;

	private volatile @Nullable ScheduledExecutorService looks;

	DocumentWatch(GatewayDocument document, @Nullable ChangePublisher publisher, Duration interval) {
		this.document = document;
		this.publisher = publisher;
		this.interval = interval;
	}

	Set<String> backends() {
		return this.document.backends();
	}

	/** The last reading, whoever asked for it. */
	Reading reading() {
		return this.reading;
	}

	/** Whether gateways have yet to hear of the last reading. */
	boolean isPending() {
		String current = this.reading.fingerprint();
		return this.publisher != null && current != null && !current.equals(this.published);
	}

	/**
	 * Looks now, and publishes what is new.
	 * @return whether the document changed
	 */
	synchronized boolean look() {
		boolean changed = read();
		publish();
		return changed;
	}

	private boolean read() {
		Reading former = this.reading;
		Reading current = this.document.read();
		this.reading = current;
		log(former, current);
		return !Objects.equals(former.fingerprint(), current.fingerprint());
	}

	private static void log(Reading former, Reading current) {
		if (Objects.equals(former.refusal(), current.refusal())) {
			return;
		}
		if (current.refusal() != null) {
			logger.warn("The gateways' document is refused: " + current.refusal());
		}
		else {
			logger.info("The gateways' document is served");
		}
	}

	private void publish() {
		ChangePublisher to = this.publisher;
		if (to == null || !isPending()) {
			return;
		}
		try {
			to.publish();
			this.published = this.reading.fingerprint();
			this.failing = false;
			logger.info("Told the gateways to read their document");
		}
		catch (RuntimeException ex) {
			if (!this.failing) {
				logger.warn("The broker cannot be told of a change; trying again until it can (%s)"
					.formatted(NestedExceptionUtils.getMostSpecificCause(ex).getMessage()));
			}
			this.failing = true;
		}
	}

	private void lookAgain() {
		try {
			look();
		}
		catch (RuntimeException ex) {
			logger.error("A look at the gateways' document failed", ex);
		}
	}

	/**
	 * The first reading comes before the first request. It is published too: a change may
	 * have been made while no config server ran.
	 */
	@Override
	public void start() {
		synchronized (this) {
			read();
		}
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1,
				Thread.ofPlatform().daemon().name("watch").factory());
		ScheduledFuture<?> _ = executor.scheduleWithFixedDelay(this::lookAgain, 0, this.interval.toMillis(),
				TimeUnit.MILLISECONDS);
		this.looks = executor;
	}

	@Override
	public void stop() {
		ScheduledExecutorService executor = this.looks;
		this.looks = null;
		if (executor != null) {
			executor.shutdownNow();
		}
	}

	@Override
	public boolean isRunning() {
		return this.looks != null;
	}

	@Override
	public int getPhase() {
		return 0;
	}

}
