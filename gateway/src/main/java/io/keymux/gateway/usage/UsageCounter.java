package io.keymux.gateway.usage;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.keymux.gateway.record.RecordCounter;
import io.keymux.gateway.record.RequestRecord;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Counts records into rows that only this run of the node writes. A batch is added to
 * what was committed, the sums are written as absolute values, and they become what was
 * committed when the transaction is: whatever is rolled back or run again counts once.
 */
@Component
class UsageCounter implements RecordCounter {

	/**
	 * How long after its end a bucket is still counted on; later records get rows of
	 * their own, as others may merge this run's.
	 */
	static final Duration OPEN = Duration.ofMinutes(15);

	/** Names of models are callers' input. */
	static final int MAX_MODELS = 500;

	private final UsageTable table;

	private final InstantSource time;

	private final String writer = UUID.randomUUID().toString().substring(0, 18);

	private final Map<Bucket, Map<Series, Measures>> committed = new HashMap<>();

	private @Nullable Counting counting;

	private @Nullable Counting doubtful;

	private long batches;

	UsageCounter(UsageTable table, InstantSource time) {
		this.table = table;
		this.time = time;
	}

	@Override
	public synchronized Runnable count(List<RequestRecord> batch) {
		Map<Source, Measures> sources = new LinkedHashMap<>();
		for (RequestRecord record : batch) {
			sources.computeIfAbsent(Source.of(record), (_) -> new Measures()).add(record);
		}
		Map<Bucket, Map<Series, Measures>> added = new LinkedHashMap<>();
		sources.forEach((source, measures) -> {
			for (Interval interval : Interval.values()) {
				Bucket bucket = new Bucket(interval, interval.floor(source.minute()));
				Map<Series, Measures> series = added.computeIfAbsent(bucket, (_) -> new LinkedHashMap<>());
				for (Cube cube : Cube.values()) {
					series.computeIfAbsent(source.in(cube), (_) -> new Measures()).addAll(measures);
				}
			}
		});
		return new Batch(++this.batches, added);
	}

	private synchronized void store(Batch batch) {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			throw new IllegalStateException("usage is counted in the transaction that stores its records");
		}
		settleDoubt();
		if (!batch.counted) {
			this.table.write(counting().rows(batch));
		}
	}

	private Counting counting() {
		Counting current = this.counting;
		if (current == null) {
			current = new Counting();
			TransactionSynchronizationManager.registerSynchronization(current);
			TransactionSynchronizationManager.bindResource(this, current);
			this.counting = current;
		}
		else if (TransactionSynchronizationManager.getResource(this) != current) {
			throw new IllegalStateException("usage is counted in one transaction at a time");
		}
		return current;
	}

	/**
	 * After a commit of which nobody knows whether it happened, the rows tell: each batch
	 * makes them count more requests.
	 */
	private void settleDoubt() {
		Counting doubt = this.doubtful;
		if (doubt == null) {
			return;
		}
		UsageTable.Row witness = doubt.witness();
		if (witness != null && this.table.requests(witness) == witness.measures().requests()) {
			doubt.rows.keySet().forEach((batch) -> batch.counted = true);
		}
		this.doubtful = null;
	}

	private Map<Series, Measures> committed(Bucket bucket) {
		Map<Series, Measures> known = this.committed.get(bucket);
		if (known == null) {
			known = new HashMap<>();
			for (UsageTable.Row row : this.table.find(this.writer, bucket)) {
				known.put(row.series(), row.measures());
			}
			this.committed.put(bucket, known);
		}
		return known;
	}

	private boolean open(Bucket bucket) {
		return this.time.instant().getEpochSecond() < bucket.end() + OPEN.toSeconds();
	}

	/** Records that are counted together. */
	private final class Batch implements Runnable {

		private final long number;

		private final Map<Bucket, Map<Series, Measures>> added;

		private boolean counted;

		Batch(long number, Map<Bucket, Map<Series, Measures>> added) {
			this.number = number;
			this.added = added;
		}

		@Override
		public void run() {
			store(this);
		}

	}

	/** What the running transaction makes of the committed sums. */
	private final class Counting implements TransactionSynchronization {

		private final Map<Batch, List<UsageTable.Row>> rows = new LinkedHashMap<>();

		private final Map<Bucket, Map<Series, Measures>> sums = new HashMap<>();

		/** The rows of a batch; the same ones if it runs again in this transaction. */
		List<UsageTable.Row> rows(Batch batch) {
			List<UsageTable.Row> known = this.rows.get(batch);
			if (known == null) {
				known = new ArrayList<>();
				for (Map.Entry<Bucket, Map<Series, Measures>> entry : batch.added.entrySet()) {
					known.addAll(open(entry.getKey()) ? sums(entry.getKey(), entry.getValue())
							: late(batch, entry.getKey(), entry.getValue()));
				}
				this.rows.put(batch, known);
			}
			return known;
		}

		private List<UsageTable.Row> sums(Bucket bucket, Map<Series, Measures> added) {
			Map<Series, Measures> before = committed(bucket);
			Map<Series, Measures> after = this.sums.computeIfAbsent(bucket, (_) -> new HashMap<>());
			Set<String> models = new HashSet<>();
			before.keySet().forEach((series) -> models.add(series.model()));
			after.keySet().forEach((series) -> models.add(series.model()));
			Map<Series, UsageTable.Row> touched = new LinkedHashMap<>();
			added.forEach((wanted, measures) -> {
				Series series = bounded(models, wanted);
				Measures sum = after.computeIfAbsent(series, (_) -> copy(before.get(series)));
				sum.addAll(measures);
				touched.put(series, new UsageTable.Row(UsageCounter.this.writer, bucket, series, sum));
			});
			return List.copyOf(touched.values());
		}

		private List<UsageTable.Row> late(Batch batch, Bucket bucket, Map<Series, Measures> added) {
			String own = "%s-%d".formatted(UsageCounter.this.writer, batch.number);
			Set<String> models = new HashSet<>();
			Map<Series, Measures> sums = new LinkedHashMap<>();
			added.forEach((wanted, measures) -> sums.computeIfAbsent(bounded(models, wanted), (_) -> new Measures())
				.addAll(measures));
			List<UsageTable.Row> late = new ArrayList<>();
			sums.forEach((series, sum) -> late.add(new UsageTable.Row(own, bucket, series, sum)));
			return late;
		}

		private static Measures copy(@Nullable Measures known) {
			return (known != null) ? new Measures(known) : new Measures();
		}

		private static Series bounded(Set<String> models, Series series) {
			boolean known = models.contains(series.model()) || models.size() < MAX_MODELS;
			Series counted = known ? series : series.withModel(Series.OTHER);
			models.add(counted.model());
			return counted;
		}

		UsageTable.@Nullable Row witness() {
			return this.rows.values().stream().flatMap(List::stream).findFirst().orElse(null);
		}

		@Override
		public void afterCompletion(int status) {
			synchronized (UsageCounter.this) {
				TransactionSynchronizationManager.unbindResourceIfPossible(UsageCounter.this);
				UsageCounter.this.counting = null;
				if (status == STATUS_COMMITTED) {
					this.rows.keySet().forEach((batch) -> batch.counted = true);
					this.sums.forEach((bucket, after) -> UsageCounter.this.committed
						.computeIfAbsent(bucket, (_) -> new HashMap<>())
						.putAll(after));
					UsageCounter.this.committed.keySet().removeIf((bucket) -> !open(bucket));
				}
				else if (status == STATUS_UNKNOWN) {
					UsageCounter.this.committed.clear();
					UsageCounter.this.doubtful = this;
				}
			}
		}

	}

}
