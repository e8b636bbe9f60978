package io.keymux.gateway.usage;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.cluster.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Every five minutes merges the rows of several writers, so that restarts leave none
 * behind, and deletes what is older than it has to be.
 */
@Component
public class UsageUpkeep implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(UsageUpkeep.class);

	private static final Duration PERIOD = Duration.ofMinutes(5);

	/** Long after writers have left a bucket, see {@link UsageCounter#OPEN}. */
	private static final Duration LEFT_ALONE = Duration.ofHours(1);

	private static final int BUCKETS = 500;

	private static final int ROWS = 5000;

	private final UsageTable table;

	private final UsageProperties properties;

	private final InstantSource time;

	private final TransactionTemplate transaction;

	private final Ticker ticker = new Ticker("usage", PERIOD, this::tick);

	private volatile boolean stopping;

	UsageUpkeep(UsageTable table, UsageProperties properties, InstantSource time,
			PlatformTransactionManager transactionManager) {
		this.table = table;
		this.properties = properties;
		this.time = time;
		this.transaction = new TransactionTemplate(transactionManager);
		// Who had to wait for the lock must see what the one before him merged.
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
	}

	/** Does all there is to do now. Blocks. */
	public synchronized void run() {
		for (Interval interval : Interval.values()) {
			deleteOld(interval);
			merge(interval);
		}
	}

	private void deleteOld(Interval interval) {
		long before = interval.floor(this.time.instant().minus(this.properties.kept(interval)));
		for (Cube cube : Cube.values()) {
			int deleted = ROWS;
			while (deleted == ROWS && !this.stopping) {
				deleted = this.table.deleteBefore(interval, cube, before, ROWS);
			}
		}
	}

	private void merge(Interval interval) {
		long before = interval.floor(this.time.instant().minus(LEFT_ALONE).minusSeconds(interval.seconds())) + 1;
		for (Bucket bucket : this.table.unmerged(interval, before, BUCKETS)) {
			if (!this.stopping) {
				this.transaction.executeWithoutResult((_) -> merge(bucket));
			}
		}
	}

	/** All of a writer's rows of a bucket came in one transaction, or come no more. */
	private void merge(Bucket bucket) {
		this.table.lock();
		List<UsageTable.Row> unmerged = this.table.findUnmerged(bucket);
		Map<Series, Measures> sums = new LinkedHashMap<>();
		unmerged.forEach((row) -> sums.computeIfAbsent(row.series(), (_) -> new Measures()).addAll(row.measures()));
		for (UsageTable.Row merged : this.table.find(UsageTable.MERGED, bucket)) {
			sums.computeIfPresent(merged.series(), (_, sum) -> {
				sum.addAll(merged.measures());
				return sum;
			});
		}
		this.table.write(sums.entrySet()
			.stream()
			.map((sum) -> new UsageTable.Row(UsageTable.MERGED, bucket, sum.getKey(), sum.getValue()))
			.toList());
		unmerged.stream().map(UsageTable.Row::writer).distinct().forEach((writer) -> this.table.delete(writer, bucket));
	}

	private void tick() {
		try {
			run();
		}
		catch (DataAccessException | TransactionException ex) {
			logger.warn("Usage cannot be merged and deleted now and will be later: {}", ex.getClass().getSimpleName());
		}
	}

	@Override
	public void start() {
		this.stopping = false;
		this.ticker.start(PERIOD);
	}

	@Override
	public void stop() {
		this.stopping = true;
		this.ticker.stop();
	}

	@Override
	public boolean isRunning() {
		return this.ticker.running();
	}

}
