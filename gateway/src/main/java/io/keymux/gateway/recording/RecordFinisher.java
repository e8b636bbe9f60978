package io.keymux.gateway.recording;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.keymux.gateway.record.RecordedBody;
import io.keymux.gateway.record.RequestRecord;
import io.keymux.gateway.record.RequestRecords;
import io.keymux.gateway.token.AnswerFacts;
import io.keymux.gateway.token.TokenEstimator;
import io.keymux.gateway.token.TokenUsage;
import io.keymux.gateway.token.UsageSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Does the work on a record that takes longer, beside the event loops: counting tokens
 * nobody told, unpacking and redacting bodies. When too much of it waits, tokens are
 * guessed and bodies let go.
 */
@Component
class RecordFinisher implements SmartLifecycle {

	/** Behind the end of requests, before the records are written for the last time. */
	static final int PHASE = 70;

	private static final Logger logger = LoggerFactory.getLogger(RecordFinisher.class);

	private static final int WAITING = 512;

	private static final long MAX_WAITING_BYTES = 64L << 20;

	private final RequestRecords records;

	private final TokenEstimator estimator;

	private final RequestMeters meters;

	/** Bytes of requests that wait to be counted. */
	private final AtomicLong waiting = new AtomicLong();

	private volatile ThreadPoolExecutor executor = executor();

	private volatile boolean running;

	RecordFinisher(RequestRecords records, TokenEstimator estimator, RequestMeters meters) {
		this.records = records;
		this.estimator = estimator;
		this.meters = meters;
	}

	private static ThreadPoolExecutor executor() {
		ThreadPoolExecutor created = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS,
				new ArrayBlockingQueue<>(WAITING), Thread.ofPlatform().name("record-finisher").daemon().factory());
		created.allowCoreThreadTimeOut(true);
		return created;
	}

	/** A record that is finished already. */
	void add(OpenRecord open, RequestRecord record) {
		add(open, record, null, null);
	}

	private void add(OpenRecord open, RequestRecord record, @Nullable RecordedBody request,
			@Nullable RecordedBody response) {
		open.known(record);
		this.meters.ended(record);
		this.records.add(record, request, response);
	}

	/**
	 * A record that lacks its tokens, or whose bodies are kept.
	 * @param outputAlone whether only the output tokens are unknown, if any are
	 */
	void finish(OpenRecord open, RequestRecord record, boolean outputAlone) {
		byte[] request = open.requestBytes();
		int size = (request != null) ? request.length : 0;
		try {
			if (this.waiting.addAndGet(size) > MAX_WAITING_BYTES + size) {
				throw new RejectedExecutionException();
			}
			this.executor.execute(() -> {
				work(open, record, outputAlone);
				this.waiting.addAndGet(-size);
			});
		}
		catch (RejectedExecutionException ex) {
			this.waiting.addAndGet(-size);
			add(open, guessed(open, record, outputAlone));
		}
	}

	private void work(OpenRecord open, RequestRecord record, boolean outputAlone) {
		RequestRecord finished = record;
		RecordedBody request = null;
		RecordedBody response = null;
		try {
			finished = (record.usageSource() == UsageSource.ESTIMATED) ? estimated(open, record, outputAlone) : record;
			request = close(open, open.requestBody());
			response = close(open, open.responseBody());
		}
		catch (RuntimeException | StackOverflowError ex) {
			logger.warn("Record {} is kept without what could not be worked out: {}", record.id(),
					ex.getClass().getSimpleName());
			finished = guessed(open, record, outputAlone);
		}
		add(open, finished, request, response);
	}

	private RequestRecord estimated(OpenRecord open, RequestRecord record, boolean outputAlone) {
		byte[] request = open.requestBytes();
		AnswerFacts facts = open.facts();
		long input = outputAlone ? record.tokens().input() : (request != null) ? this.estimator.input(request) : 0;
		long output = (facts != null) ? this.estimator.output(facts) : 0;
		return with(record, input, output);
	}

	private static RequestRecord guessed(OpenRecord open, RequestRecord record, boolean outputAlone) {
		if (record.usageSource() != UsageSource.ESTIMATED) {
			return record;
		}
		AnswerFacts facts = open.facts();
		long input = outputAlone ? record.tokens().input() : TokenEstimator.guess(open.bytesIn());
		return with(record, input, (facts != null) ? TokenEstimator.guess(facts) : 0);
	}

	private static RequestRecord with(RequestRecord record, long input, long output) {
		TokenUsage told = record.tokens();
		return record.withTokens(new TokenUsage(input, Math.max(output, told.output()), told.cached(),
				told.cacheWritten(), told.reasoning()), UsageSource.ESTIMATED);
	}

	private static @Nullable RecordedBody close(OpenRecord open, @Nullable BodyStart body) {
		return (body != null) ? body.close(open.credential(), open.providerSecret()) : null;
	}

	@Override
	public void start() {
		if (this.executor.isShutdown()) {
			this.executor = executor();
		}
		this.running = true;
	}

	/** Works off what waits; what comes later is guessed. */
	@Override
	public void stop() {
		this.running = false;
		this.executor.shutdown();
		try {
			if (!this.executor.awaitTermination(10, TimeUnit.SECONDS)) {
				logger.warn("Some records could not be finished in time");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
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
