package io.keymux.gateway.record;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.keymux.gateway.price.Prices;
import io.keymux.gateway.token.UsageSource;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Stores records in batches: the records, their bodies and what counts them in one
 * transaction, by a thread of its own. While the database is away the batch waits, and
 * the buffer fills behind it.
 */
@Component
class RecordWriter implements RequestRecords, SmartLifecycle {

	/** Behind whatever still makes records, before what they are stored with. */
	static final int PHASE = 60;

	private static final Logger logger = LoggerFactory.getLogger(RecordWriter.class);

	private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

	private static final Duration MAX_BACKOFF = Duration.ofSeconds(2);

	/** How long the last records may take at the end of the program. */
	private static final Duration LAST_WAIT = Duration.ofSeconds(20);

	private final RecordProperties properties;

	private final RecordBuffer buffer;

	private final RecordTable table;

	private final BodyTable bodies;

	private final ErrorTexts errors;

	private final List<RecordCounter> counters;

	private final Prices prices;

	private final RecordTail tail;

	private final TransactionTemplate transaction;

	private volatile @Nullable Thread thread;

	private volatile boolean ending;

	private volatile long lastMoment;

	RecordWriter(RecordProperties properties, RecordTable table, BodyTable bodies, ErrorTexts errors,
			List<RecordCounter> counters, Prices prices, RecordTail tail, MeterRegistry registry,
			PlatformTransactionManager transactionManager) {
		this.properties = properties;
		this.buffer = new RecordBuffer(properties.buffer(), properties.bodyBuffer().toBytes(), registry);
		this.table = table;
		this.bodies = bodies;
		this.errors = errors;
		this.counters = counters;
		this.prices = prices;
		this.tail = tail;
		this.transaction = new TransactionTemplate(transactionManager);
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
	}

	@Override
	public void add(RequestRecord record, @Nullable RecordedBody request, @Nullable RecordedBody response) {
		if (!this.properties.enabled()) {
			return;
		}
		int waiting = this.buffer.add(new PendingRecord(record, request, response));
		if (waiting == this.properties.batch()) {
			LockSupport.unpark(this.thread);
		}
	}

	private void run() {
		while (true) {
			boolean last = this.ending;
			List<PendingRecord> batch = this.buffer.next(this.properties.batch());
			if (batch.isEmpty()) {
				if (last) {
					return;
				}
				LockSupport.parkNanos(this.properties.delay().toNanos());
				continue;
			}
			try {
				store(priced(batch));
			}
			catch (RuntimeException ex) {
				this.buffer.lost(batch.size());
				logger.error("{} request records could not be stored", batch.size(), ex);
			}
			this.buffer.stored(batch);
			if (batch.size() < this.properties.batch() && !this.ending) {
				LockSupport.parkNanos(this.properties.delay().toNanos());
			}
		}
	}

	private List<PendingRecord> priced(List<PendingRecord> batch) {
		return batch.stream().map((pending) -> pending.with(priced(pending.record()))).toList();
	}

	private RequestRecord priced(RequestRecord record) {
		String provider = record.provider();
		String model = record.model();
		if (record.usageSource() == UsageSource.NONE || provider == null || model == null) {
			return record;
		}
		BigDecimal cost = this.prices.cost(provider, model, record.time(), record.tokens());
		return (cost != null) ? record.withCost(cost) : record;
	}

	/**
	 * Stores a batch, however long it takes; what the database refuses is found and let
	 * go.
	 */
	private void store(List<PendingRecord> batch) {
		List<RequestRecord> records = batch.stream().map(PendingRecord::record).toList();
		List<Runnable> counts = this.counters.stream().map((counter) -> counter.count(records)).toList();
		Duration backoff = FIRST_BACKOFF;
		boolean told = false;
		while (true) {
			try {
				write(batch, records, counts);
				if (told) {
					logger.info("Request records can be stored again");
				}
				return;
			}
			catch (RuntimeException ex) {
				if (!waits(ex)) {
					split(batch, ex);
					return;
				}
				if (!told) {
					logger.warn("Request records cannot be stored now and wait: {}", ex.getClass().getSimpleName());
					told = true;
				}
			}
			if (this.ending && System.nanoTime() - this.lastMoment > 0) {
				this.buffer.lost(batch.size());
				logger.error("{} request records could not be stored before the end", batch.size());
				return;
			}
			LockSupport.parkNanos(backoff.toNanos());
			backoff = (backoff.compareTo(MAX_BACKOFF.dividedBy(2)) < 0) ? backoff.multipliedBy(2) : MAX_BACKOFF;
		}
	}

	/** Whether it is the database that fails and not what is written. */
	private static boolean waits(RuntimeException failure) {
		return (failure instanceof DataAccessException || failure instanceof TransactionException)
				&& !(failure instanceof DataIntegrityViolationException);
	}

	private void split(List<PendingRecord> batch, RuntimeException error) {
		if (batch.size() == 1) {
			this.buffer.lost(1);
			logger.error("Request record {} cannot be stored and is dropped: {}", batch.getFirst().record().id(),
					error.getClass().getSimpleName());
			return;
		}
		int half = batch.size() / 2;
		store(batch.subList(0, half));
		store(batch.subList(half, batch.size()));
	}

	/**
	 * Whether a transaction whose commit was not confirmed took place does not matter:
	 * records that are there already stay as they are, and counters write sums.
	 */
	private void write(List<PendingRecord> batch, List<RequestRecord> records, List<Runnable> counts) {
		List<@Nullable Long> errorIds = this.errors.ids(records);
		this.transaction.executeWithoutResult((_) -> {
			this.table.insert(records, errorIds);
			this.bodies.insert(batch);
			counts.forEach(Runnable::run);
		});
		this.tail.publish(records);
	}

	@Override
	public void start() {
		if (this.thread == null) {
			this.ending = false;
			// Never interrupted: an interrupt would break the embedded database.
			this.thread = Thread.ofPlatform().name("record-writer").daemon().start(this::run);
		}
	}

	/** Stores what is left; nothing comes in any more. */
	@Override
	public void stop() {
		Thread writing = this.thread;
		if (writing == null) {
			return;
		}
		this.lastMoment = System.nanoTime() + LAST_WAIT.toNanos();
		this.ending = true;
		LockSupport.unpark(writing);
		try {
			writing.join(LAST_WAIT.plus(MAX_BACKOFF).plus(MAX_BACKOFF));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (this.buffer.waiting() > 0) {
			logger.error("{} request records were not stored", this.buffer.waiting());
		}
		this.thread = null;
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
