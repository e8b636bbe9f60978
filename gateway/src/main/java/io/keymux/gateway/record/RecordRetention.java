package io.keymux.gateway.record;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import io.keymux.gateway.cluster.Ticker;
import io.keymux.gateway.setting.SettingsChanged;
import io.keymux.gateway.setting.SystemSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Deletes records when they are older than {@code record-retention}. Where tables are
 * divided by day it makes a division for each of the next days and drops those that are
 * past; what is left of the last day goes in small steps.
 */
@Component
class RecordRetention implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(RecordRetention.class);

	private static final Duration INTERVAL = Duration.ofMinutes(10);

	/** How long a run may keep the end of the program waiting. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Duration SOON = Duration.ofSeconds(1);

	private static final List<String> TABLES = List.of("keymux_record", "keymux_record_body");

	private static final int AHEAD = 3;

	private static final int STEP = 2000;

	private final JdbcTemplate jdbc;

	private final RecordDatabase database;

	private final ErrorTexts errors;

	private final SystemSettings settings;

	private final InstantSource time;

	private final Ticker ticker = new Ticker("record-retention", INTERVAL, this::tick);

	private volatile boolean ending;

	RecordRetention(JdbcTemplate jdbc, RecordDatabase database, ErrorTexts errors, SystemSettings settings,
			InstantSource time) {
		this.jdbc = jdbc;
		this.database = database;
		this.errors = errors;
		this.settings = settings;
		this.time = time;
	}

	/** A new retention is kept soon, once the settings in force are known to all. */
	@EventListener(SettingsChanged.class)
	void onSettingsChanged() {
		this.ticker.plan(SOON);
	}

	private void tick() {
		try {
			run();
		}
		catch (DataAccessException ex) {
			logger.warn("Old request records cannot be deleted now and will be later: {}",
					ex.getClass().getSimpleName());
		}
	}

	/** Does what there is to do now. */
	void run() {
		Instant now = this.time.instant();
		Instant first = now.minus(this.settings.effective().recordRetention());
		if (this.database.partitioned()) {
			this.jdbc.execute((ConnectionCallback<@Nullable Void>) (connection) -> {
				alone(connection, () -> {
					for (String table : TABLES) {
						divide(connection, table, RecordId.day(now), RecordId.day(first));
					}
				});
				return null;
			});
		}
		deleteBefore(first);
		this.errors.forgetBefore(RecordId.day(first));
	}

	/** One node at a time; the others have nothing to do then. */
	private static void alone(Connection connection, Work work) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			if (number(statement, "select get_lock(concat(database(), '.keymux-records'), 0)") == 1) {
				try {
					work.run();
				}
				finally {
					number(statement, "select release_lock(concat(database(), '.keymux-records'))");
				}
			}
		}
	}

	private static long number(Statement statement, String sql) throws SQLException {
		try (ResultSet row = statement.executeQuery(sql)) {
			return row.next() ? row.getLong(1) : 0;
		}
	}

	private static void divide(Connection connection, String table, int today, int firstDay) throws SQLException {
		List<Integer> days = days(connection, table);
		try (Statement statement = connection.createStatement()) {
			int next = days.isEmpty() ? today : days.getLast() + 1;
			List<String> fresh = new ArrayList<>();
			for (int day = Math.max(next, today); day <= today + AHEAD; day++) {
				fresh.add("partition d%d values less than (%d)".formatted(day, day + 1));
			}
			if (!fresh.isEmpty()) {
				statement.execute(
						"alter table %s reorganize partition later into (%s, partition later values less than maxvalue)"
							.formatted(table, String.join(", ", fresh)));
			}
			List<String> past = days.stream().filter((day) -> day < firstDay).map((day) -> "d" + day).toList();
			if (!past.isEmpty()) {
				statement.execute("alter table %s drop partition %s".formatted(table, String.join(", ", past)));
				logger.info("Dropped {} days of {}", past.size(), table);
			}
		}
	}

	private static List<Integer> days(Connection connection, String table) throws SQLException {
		List<Integer> days = new ArrayList<>();
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(
						"select partition_name from information_schema.partitions where table_schema = database() and "
								+ "table_name = '%s' order by partition_ordinal_position".formatted(table))) {
			while (rows.next()) {
				String name = rows.getString(1);
				if (name != null && name.startsWith("d")) {
					days.add(Integer.parseInt(name.substring(1)));
				}
			}
		}
		return days;
	}

	private void deleteBefore(Instant first) {
		int day = RecordId.day(first);
		byte[] id = RecordId.first(first);
		while (!this.ending && this.jdbc
			.update("delete from keymux_record where epoch_day <= ? and id < ? limit " + STEP, day, id) == STEP) {
			logger.debug("Deleted {} records", STEP);
		}
		String text = RecordId.text(id);
		while (!this.ending && this.jdbc.update(
				"delete from keymux_record_body where epoch_day <= ? and record_id < ? limit " + STEP, day,
				text) == STEP) {
			logger.debug("Deleted {} bodies", STEP);
		}
	}

	@Override
	public void start() {
		this.ending = false;
		this.ticker.start(Duration.ZERO);
	}

	@Override
	public void stop() {
		this.ending = true;
		if (!this.ticker.stop(PATIENCE)) {
			logger.warn("Deleting old request records goes on at the end");
		}
	}

	@Override
	public boolean isRunning() {
		return this.ticker.running();
	}

	@Override
	public int getPhase() {
		return RecordWriter.PHASE - 5;
	}

	/** Work on a connection. */
	private interface Work {

		void run() throws SQLException;

	}

}
