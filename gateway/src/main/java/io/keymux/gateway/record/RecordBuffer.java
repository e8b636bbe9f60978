package io.keymux.gateway.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Records on their way to the database, as many as there is room for: when it fills,
 * bodies go first, then records, and both are counted.
 */
final class RecordBuffer {

	private final Queue<PendingRecord> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger count = new AtomicInteger();

	private final AtomicLong bodyBytes = new AtomicLong();

	private final int maxRecords;

	private final long maxBodyBytes;

	private final Counter droppedRecords;

	private final Counter droppedBodies;

	RecordBuffer(int maxRecords, long maxBodyBytes, MeterRegistry registry) {
		this.maxRecords = maxRecords;
		this.maxBodyBytes = maxBodyBytes;
		this.droppedRecords = dropped("record", registry);
		this.droppedBodies = dropped("body", registry);
		Gauge.builder("keymux.records.buffered", this.count, AtomicInteger::get)
			.description("request records that wait to be stored")
			.register(registry);
	}

	private static Counter dropped(String kind, MeterRegistry registry) {
		return Counter.builder("keymux.records.dropped")
			.description("request records and bodies that were not kept")
			.tag("kind", kind)
			.register(registry);
	}

	/** Takes a record in if there is room; answers how many wait. */
	int add(PendingRecord pending) {
		int waiting = this.count.incrementAndGet();
		if (waiting > this.maxRecords) {
			this.droppedRecords.increment();
			dropBodies(pending);
			return this.count.decrementAndGet();
		}
		long size = pending.bodyBytes();
		PendingRecord kept = pending;
		if (size > 0 && (waiting > this.maxRecords / 2 || this.bodyBytes.get() + size > this.maxBodyBytes)) {
			dropBodies(pending);
			kept = pending.withoutBodies();
			size = 0;
		}
		this.bodyBytes.addAndGet(size);
		this.queue.add(kept);
		return waiting;
	}

	private void dropBodies(PendingRecord pending) {
		if (pending.request() != null) {
			this.droppedBodies.increment();
		}
		if (pending.response() != null) {
			this.droppedBodies.increment();
		}
	}

	/** The next ones; they count as waiting until they are {@link #stored}. */
	List<PendingRecord> next(int limit) {
		List<PendingRecord> batch = new ArrayList<>(Math.min(limit, Math.max(0, this.count.get())));
		while (batch.size() < limit) {
			PendingRecord pending = this.queue.poll();
			if (pending == null) {
				break;
			}
			batch.add(pending);
		}
		return batch;
	}

	/** Some are stored, or given up. */
	void stored(List<PendingRecord> batch) {
		this.count.addAndGet(-batch.size());
		this.bodyBytes.addAndGet(-batch.stream().mapToLong(PendingRecord::bodyBytes).sum());
	}

	/** Some were taken and could not be stored. */
	void lost(int records) {
		this.droppedRecords.increment(records);
	}

	int waiting() {
		return this.count.get();
	}

}
