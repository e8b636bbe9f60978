package io.keymux.gateway.record;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import io.keymux.gateway.provider.Operation;
import io.keymux.gateway.token.TokenUsage;
import io.keymux.gateway.token.UsageSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Rows of records. */
@Component
class RecordTable {

	/** Columns of a row, in the order they are read and written in. */
	static final List<String> COLUMNS = List.of("id", "epoch_day", "provider", "group_name", "access_key",
			"client_address", "trace_id", "operation", "stream", "requested_model", "model", "response_model",
			"provider_key_id", "status", "status_class", "outcome", "error_code", "error_id", "attempts", "bytes_in",
			"bytes_out", "queue_ms", "first_chunk_ms", "total_ms", "input_tokens", "output_tokens", "cached_tokens",
			"cache_written_tokens", "reasoning_tokens", "usage_source", "cost", "ended");

	private static final String ROW = "(%s)".formatted(String.join(", ", Collections.nCopies(COLUMNS.size(), "?")));

	/**
	 * Most rows of one statement. The driver's own batches make one statement of many
	 * rows too, but bind and encode each value twice, which doubles what a record costs.
	 */
	private static final int ROWS = 64;

	private static final TypeReference<List<AttemptRecord>> ATTEMPTS = new TypeReference<>() {
	};

	private static final int MAX_NAME = 200;

	private static final JsonMapper json = JsonMapper.builder().build();

	private final JdbcTemplate jdbc;

	RecordTable(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	/** Adds records within the running transaction; those that are there already stay. */
	void insert(List<RequestRecord> records, List<@Nullable Long> errorIds) {
		int from = 0;
		while (from < records.size()) {
			int to = from + Math.min(ROWS, Integer.highestOneBit(records.size() - from));
			insertAtOnce(records.subList(from, to), errorIds.subList(from, to));
			from = to;
		}
	}

	private void insertAtOnce(List<RequestRecord> records, List<@Nullable Long> errorIds) {
		this.jdbc.update(statement(records.size()), (statement) -> {
			// Past the pool's wrapper, which looks at each of the values.
			Row row = new Row(statement.unwrap(PreparedStatement.class));
			for (int i = 0; i < records.size(); i++) {
				write(row, records.get(i), errorIds.get(i));
			}
		});
	}

	/** Sizes are powers of two, so that a connection can keep all statements parsed. */
	private static String statement(int rows) {
		return "insert ignore into keymux_record (%s) values %s".formatted(String.join(", ", COLUMNS),
				String.join(", ", Collections.nCopies(rows, ROW)));
	}

	private static void write(Row row, RequestRecord record, @Nullable Long errorId) throws SQLException {
		AttemptRecord last = record.lastAttempt();
		Integer status = record.status();
		row.set(RecordId.bytes(record.id()));
		row.set((long) RecordId.day(record.time()));
		row.set(record.provider());
		row.set(record.group());
		row.set(record.accessKey());
		row.set(record.clientAddress());
		row.set(record.traceId());
		row.set(record.operation().key());
		row.set(record.stream());
		row.set(record.requestedModel());
		row.set(record.model());
		row.set(record.responseModel());
		row.set((last != null) ? (Long) last.providerKeyId() : null);
		row.set((status != null) ? (Long) status.longValue() : null);
		row.set((status != null) ? (Long) (status.longValue() / 100) : null);
		row.set(record.outcome().key());
		row.set(record.errorCode());
		row.set(errorId);
		row.setLong(json.writeValueAsString(record.attempts()));
		row.set(record.bytesIn());
		row.set(record.bytesOut());
		row.set(record.queueMs());
		row.set(record.firstChunkMs());
		row.set(record.totalMs());
		row.set(record.tokens().input());
		row.set(record.tokens().output());
		row.set(record.tokens().cached());
		row.set(record.tokens().cacheWritten());
		row.set(record.tokens().reasoning());
		row.set(record.usageSource().key());
		row.set(record.cost());
		row.set(record.end().key());
	}

	/** A record without its error, whose text stands elsewhere. */
	static RequestRecord read(ResultSet row) throws SQLException {
		String id = RecordId.text(row.getBytes("id"));
		List<AttemptRecord> attempts = json.readValue(row.getString("attempts"), ATTEMPTS);
		String model = row.getString("model");
		TokenUsage tokens = new TokenUsage(row.getLong("input_tokens"), row.getLong("output_tokens"),
				row.getLong("cached_tokens"), row.getLong("cache_written_tokens"), row.getLong("reasoning_tokens"));
		return new RequestRecord(id, RecordId.time(id), row.getString("provider"), row.getString("group_name"),
				row.getString("access_key"), row.getString("client_address"), row.getString("trace_id"),
				constant(Operation.class, row.getString("operation")), row.getBoolean("stream"),
				row.getString("requested_model"), attempts.isEmpty() ? null : model, row.getString("response_model"),
				integer(row, "status"), constant(RecordOutcome.class, row.getString("outcome")),
				row.getString("error_code"), null, attempts, row.getLong("bytes_in"), row.getLong("bytes_out"),
				number(row, "queue_ms"), number(row, "first_chunk_ms"), row.getLong("total_ms"), tokens,
				constant(UsageSource.class, row.getString("usage_source")), row.getBigDecimal("cost"),
				constant(RequestEnd.class, row.getString("ended")));
	}

	static @Nullable Long number(ResultSet row, String column) throws SQLException {
		long value = row.getLong(column);
		return row.wasNull() ? null : value;
	}

	private static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
		int value = row.getInt(column);
		return row.wasNull() ? null : value;
	}

	private static <E extends Enum<E>> E constant(Class<E> type, String word) {
		return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
	}

	/** Rows that are being written, column by column. */
	private static final class Row {

		private final PreparedStatement statement;

		private int column;

		Row(PreparedStatement statement) {
			this.statement = statement;
		}

		void set(byte[] value) throws SQLException {
			this.statement.setBytes(++this.column, value);
		}

		void set(boolean value) throws SQLException {
			this.statement.setBoolean(++this.column, value);
		}

		void set(@Nullable Long value) throws SQLException {
			if (value == null) {
				this.statement.setNull(++this.column, Types.BIGINT);
			}
			else {
				this.statement.setLong(++this.column, value);
			}
		}

		/** A name; of one that is too long, what there is room for. */
		void set(@Nullable String value) throws SQLException {
			setLong((value != null && value.length() > MAX_NAME) ? value.substring(0, MAX_NAME) : value);
		}

		void setLong(@Nullable String value) throws SQLException {
			this.statement.setString(++this.column, value);
		}

		void set(@Nullable BigDecimal value) throws SQLException {
			this.statement.setBigDecimal(++this.column, value);
		}

	}

}
