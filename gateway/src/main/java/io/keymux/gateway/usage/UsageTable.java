package io.keymux.gateway.usage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.keymux.gateway.cluster.Revisions;
import io.keymux.gateway.token.TokenUsage;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of usage. */
@Component
class UsageTable {

	/** Writer of rows that rows of several writers were merged into. */
	static final String MERGED = "";

	private static final int STATEMENTS = 500;

	private static final String WRITE = """
			insert into keymux_usage (step, cube, start_at, group_name, model, caller, key_id, writer, masked, requests,
			errors, unpriced, input_tokens, output_tokens, cached_tokens, cache_written_tokens, reasoning_tokens, cost,
			latency, first_chunk) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			on duplicate key update masked = values(masked), requests = values(requests), errors = values(errors),
			unpriced = values(unpriced), input_tokens = values(input_tokens), output_tokens = values(output_tokens),
			cached_tokens = values(cached_tokens), cache_written_tokens = values(cache_written_tokens),
			reasoning_tokens = values(reasoning_tokens), cost = values(cost), latency = values(latency),
			first_chunk = values(first_chunk)""";

	/** Columns are read by their place: some answers add up many rows. */
	private static final String SELECT = """
			select step, cube, start_at, group_name, model, caller, key_id, writer, masked, requests, errors, unpriced,
			input_tokens, output_tokens, cached_tokens, cache_written_tokens, reasoning_tokens, cost, latency,
			first_chunk from keymux_usage""";

	private final JdbcClient jdbc;

	private final JdbcTemplate batches;

	private final Revisions revisions;

	UsageTable(JdbcClient jdbc, JdbcTemplate batches, Revisions revisions) {
		this.jdbc = jdbc;
		this.batches = batches;
		this.revisions = revisions;
	}

	/** Writes rows with their absolute values, whatever was there. */
	void write(List<Row> rows) {
		this.batches.batchUpdate(WRITE, rows, STATEMENTS, (statement, row) -> {
			int column = 0;
			for (Object value : values(row)) {
				statement.setObject(++column, value);
			}
		});
	}

	/** The rows a writer has for a bucket. */
	List<Row> find(String writer, Bucket bucket) {
		return this.jdbc.sql(SELECT + " where writer = ? and step = ? and start_at = ?")
			.params(writer, bucket.interval().code(), bucket.start())
			.query(UsageTable::row)
			.list();
	}

	/**
	 * The requests a row counts, 0 if there is none; waits for transactions that write
	 * it.
	 */
	long requests(Row row) {
		Series series = row.series();
		return this.jdbc.sql("""
				select requests from keymux_usage where step = ? and cube = ? and start_at = ? and group_name = ?
				and model = ? and caller = ? and key_id = ? and writer = ? for update""")
			.params(row.bucket().interval().code(), series.cube().code(), row.bucket().start(), series.group(),
					series.model(), series.caller(), series.providerKey(), row.writer())
			.query(Long.class)
			.optional()
			.orElse(0L);
	}

	/** Reads rows of a cube within a span, up to a limit. */
	void read(Cube cube, Span span, Filter filter, int limit, Consumer<Row> use) {
		Map<String, Object> values = new HashMap<>(Map.of("step", span.interval().code(), "cube", cube.code(), "start",
				span.start(), "end", span.end(), "limit", limit));
		String condition = filter.condition(values);
		this.jdbc
			.sql(SELECT + " where step = :step and cube = :cube and start_at >= :start and start_at < :end" + condition
					+ " limit :limit")
			.params(values)
			.query((RowCallbackHandler) (row) -> use.accept(row(row, 0)));
	}

	/** Makes nodes that merge take turns until the end of the transaction. */
	void lock() {
		this.revisions.lock("usage");
	}

	/** Buckets before a second that more than one writer may have rows for. */
	List<Bucket> unmerged(Interval interval, long before, int limit) {
		return this.jdbc
			.sql("select distinct start_at from keymux_usage where writer > '' and step = ? and start_at < ?"
					+ " order by start_at limit ?")
			.params(interval.code(), before, limit)
			.query((row, _) -> new Bucket(interval, row.getLong(1)))
			.list();
	}

	List<Row> findUnmerged(Bucket bucket) {
		return this.jdbc.sql(SELECT + " where writer > '' and step = ? and start_at = ?")
			.params(bucket.interval().code(), bucket.start())
			.query(UsageTable::row)
			.list();
	}

	void delete(String writer, Bucket bucket) {
		this.jdbc.sql("delete from keymux_usage where writer = ? and step = ? and start_at = ?")
			.params(writer, bucket.interval().code(), bucket.start())
			.update();
	}

	/** Deletes some rows of buckets before a second, and answers how many they were. */
	int deleteBefore(Interval interval, Cube cube, long before, int limit) {
		return this.jdbc.sql("delete from keymux_usage where step = ? and cube = ? and start_at < ? limit ?")
			.params(interval.code(), cube.code(), before, limit)
			.update();
	}

	private static List<Object> values(Row row) {
		Series series = row.series();
		Measures measures = row.measures();
		TokenUsage tokens = measures.tokens();
		return List.of(row.bucket().interval().code(), series.cube().code(), row.bucket().start(), series.group(),
				series.model(), series.caller(), series.providerKey(), row.writer(),
				series.cube().has(Dimension.PROVIDER_KEY) ? measures.masked() : "", measures.requests(),
				measures.errors(), measures.unpriced(), tokens.input(), tokens.output(), tokens.cached(),
				tokens.cacheWritten(), tokens.reasoning(), measures.cost(), measures.latency().bytes(),
				measures.firstChunk().bytes());
	}

	private static Row row(ResultSet row, int number) throws SQLException {
		Interval interval = Interval.of(row.getInt(1));
		Series series = new Series(Cube.of(row.getInt(2)), row.getString(4), row.getString(5), row.getString(6),
				row.getLong(7));
		TokenUsage tokens = new TokenUsage(row.getLong(13), row.getLong(14), row.getLong(15), row.getLong(16),
				row.getLong(17));
		Measures measures = new Measures();
		measures.add(row.getString(9), row.getLong(10), row.getLong(11), row.getLong(12), tokens,
				row.getBigDecimal(18));
		measures.latency().addAll(row.getBytes(19));
		measures.firstChunk().addAll(row.getBytes(20));
		return new Row(row.getString(8), new Bucket(interval, row.getLong(3)), series, measures);
	}

	/** One row: what a writer counted for a series in a bucket. */
	record Row(String writer, Bucket bucket, Series series, Measures measures) {
	}

	/** Whole intervals from one second until before another. */
	record Span(Interval interval, long start, long end) {
	}

	/** What rows must be about; what is null does not matter. */
	record Filter(@Nullable String group, @Nullable String model, @Nullable String caller, @Nullable Long providerKey) {

		String condition(Map<String, Object> values) {
			List<String> conditions = new ArrayList<>();
			and(conditions, values, "group_name", this.group);
			and(conditions, values, "model", this.model);
			and(conditions, values, "caller", this.caller);
			and(conditions, values, "key_id", this.providerKey);
			return String.join("", conditions);
		}

		private static void and(List<String> conditions, Map<String, Object> values, String column,
				@Nullable Object value) {
			if (value != null) {
				conditions.add(" and %s = :%s".formatted(column, column));
				values.put(column, value);
			}
		}

	}

}
