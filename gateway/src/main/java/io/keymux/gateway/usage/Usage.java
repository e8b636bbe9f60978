package io.keymux.gateway.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Service;

/** Tells what was used, from roll-ups alone; blocks. */
@Service
public class Usage {

	private static final Duration SPAN = Duration.ofDays(1);

	private static final int MAX_INTERVALS = 3000;

	private static final int MAX_ROWS = 20_000;

	/** What is held in memory while it is added up. */
	private static final int MAX_READ = 300_000;

	private final UsageTable table;

	private final UsageProperties properties;

	private final InstantSource time;

	Usage(UsageTable table, UsageProperties properties, InstantSource time) {
		this.table = table;
		this.properties = properties;
		this.time = time;
	}

	/**
	 * Adds up usage.
	 * @param query what is asked for
	 * @return usage within the span, which is widened to whole intervals
	 * @throws Problem.Invalid if roll-ups cannot answer that, or there is too much of it
	 */
	public UsageReport find(UsageQuery query) {
		Instant now = this.time.instant();
		Instant to = (query.to() != null) ? query.to() : now;
		Instant from = (query.from() != null) ? query.from() : to.minus(SPAN);
		Cube cube = check(query, from, to, now);
		Interval interval = query.interval();
		Interval begin = (interval != null) ? interval : Spans.finest(from, now, this.properties);
		Interval finish = (interval != null) ? interval : Spans.finest(to, now, this.properties);
		long start = begin.floor(from);
		long end = finish.ceil(to);
		List<UsageTable.Span> spans = (interval != null) ? List.of(new UsageTable.Span(interval, start, end))
				: Spans.cover(start, end);
		UsageTable.Filter filter = new UsageTable.Filter(query.group(), query.model(), query.caller(),
				query.providerKey());
		Map<Key, Measures> sums = new HashMap<>();
		AtomicInteger left = new AtomicInteger(MAX_READ);
		for (UsageTable.Span span : spans) {
			this.table.read(cube, span, filter, left.get() + 1, (row) -> {
				check(left.decrementAndGet() >= 0, MAX_READ, "roll-ups to add up");
				add(sums, Key.of(row, query, start), row);
			});
		}
		long length = (interval != null) ? interval.seconds() : end - start;
		return new UsageReport(Instant.ofEpochSecond(start), Instant.ofEpochSecond(end), rows(sums, query, length));
	}

	private static void add(Map<Key, Measures> sums, Key key, UsageTable.Row row) {
		Measures sum = sums.putIfAbsent(key, row.measures());
		if (sum != null) {
			sum.addAll(row.measures());
		}
		else {
			check(sums.size() <= MAX_ROWS, MAX_ROWS, "rows");
		}
	}

	private static void check(boolean holds, int bound, String what) {
		if (!holds) {
			throw new Problem.Invalid("groupBy",
					"more than %d %s (expected: fewer, by a filter, a coarser interval or a shorter span)"
						.formatted(bound, what));
		}
	}

	private Cube check(UsageQuery query, Instant from, Instant to, Instant now) {
		FieldErrors errors = new FieldErrors();
		errors.checkTime("from", query.from());
		errors.checkTime("to", query.to());
		errors.throwIfAny();
		errors.check(from.isBefore(to), "from", "'%s' (expected: before %s)".formatted(from, to));
		Cube cube = Cube.of(query.needed());
		errors.check(cube != null, "groupBy", "provider-key with model or caller (expected: at most with group)");
		Interval interval = query.interval();
		if (interval != null) {
			check(errors, interval, from, to, now);
		}
		errors.throwIfAny();
		return Objects.requireNonNull(cube);
	}

	private void check(FieldErrors errors, Interval interval, Instant from, Instant to, Instant now) {
		long intervals = (interval.ceil(to) - interval.floor(from)) / interval.seconds();
		errors.check(intervals <= MAX_INTERVALS, "interval",
				"%d times %s (expected: at most %d intervals)".formatted(intervals, interval.key(), MAX_INTERVALS));
		Duration kept = this.properties.kept(interval);
		errors.check(interval == Interval.DAY || interval.floor(from) >= interval.floor(now.minus(kept)), "from",
				"'%s' (expected: not before %s, as usage by %s is kept for %d hours)".formatted(from, now.minus(kept),
						interval.key(), kept.toHours()));
	}

	private static List<UsageRow> rows(Map<Key, Measures> sums, UsageQuery query, long length) {
		return sums.entrySet()
			.stream()
			.map((sum) -> row(sum.getKey(), sum.getValue(), query.groupBy(), length))
			.sorted(Comparator.comparing(UsageRow::from).thenComparing(UsageRow::requests, Comparator.reverseOrder()))
			.toList();
	}

	private static UsageRow row(Key key, Measures sum, Set<Dimension> groupBy, long length) {
		boolean byKey = groupBy.contains(Dimension.PROVIDER_KEY) && key.providerKey() != 0;
		return new UsageRow(Instant.ofEpochSecond(key.start()), Instant.ofEpochSecond(key.start() + length),
				orNull(key.group()), orNull(key.model()), orNull(key.caller()), byKey ? key.providerKey() : null,
				byKey ? sum.masked() : null, sum.requests(), sum.errors(), sum.unpriced(), sum.tokens(), sum.cost(),
				sum.latency().percentile(0.5), sum.latency().percentile(0.95), sum.latency().percentile(0.99),
				sum.firstChunk().percentile(0.5));
	}

	private static @Nullable String orNull(String name) {
		return name.isEmpty() ? null : name;
	}

	/** What a row of the answer is about. */
	private record Key(long start, String group, String model, String caller, long providerKey) {

		static Key of(UsageTable.Row row, UsageQuery query, long start) {
			Series series = row.series();
			Set<Dimension> by = query.groupBy();
			return new Key((query.interval() != null) ? row.bucket().start() : start,
					by.contains(Dimension.GROUP) ? series.group() : "",
					by.contains(Dimension.MODEL) ? series.model() : "",
					by.contains(Dimension.CALLER) ? series.caller() : "",
					by.contains(Dimension.PROVIDER_KEY) ? series.providerKey() : 0);
		}

	}

}
