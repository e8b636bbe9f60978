package io.keymux.gateway.gptload;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Reads the tables of gpt-load as they stand at one moment. */
final class GptLoadDatabase {

	/** Columns without which this is no database of gpt-load 1.4. */
	private static final Map<String, List<String>> REQUIRED = Map.of("system_settings",
			List.of("setting_key", "setting_value"), "groups",
			List.of("id", "name", "group_type", "channel_type", "upstreams"), "group_sub_groups",
			List.of("group_id", "sub_group_id", "weight"), "api_keys",
			List.of("id", "key_value", "key_hash", "group_id", "status"));

	private static final Set<String> GROUP_COLUMNS = Set.of("name", "display_name", "proxy_keys", "description",
			"group_type", "upstreams", "validation_endpoint", "channel_type", "test_model", "param_overrides", "config",
			"header_rules", "model_redirect_rules", "model_redirect_strict");

	/** Columns that say nothing about what a group does. */
	private static final Set<String> SILENT_COLUMNS = Set.of("id", "sort", "last_validated_at", "created_at",
			"updated_at");

	private static final Set<String> EMPTY = Set.of("", "[]", "{}", "null", "0", "false");

	private static final List<String> HISTORY = List.of("request_logs", "group_hourly_stats");

	private final Connection connection;

	private final JdbcTemplate jdbc;

	private GptLoadDatabase(Connection connection) {
		this.connection = connection;
		this.jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
	}

	static Source read(Dsn dsn) {
		try (Connection connection = dsn.open()) {
			// One transaction, so that a gpt-load that still runs changes nothing
			// meanwhile.
			connection.setAutoCommit(false);
			Source source = new GptLoadDatabase(connection).read();
			connection.rollback();
			return source;
		}
		catch (SQLException ex) {
			throw unreadable(dsn, ex);
		}
		catch (DataAccessException ex) {
			throw unreadable(dsn, (ex.getRootCause() instanceof SQLException cause) ? cause : new SQLException());
		}
	}

	private static ImportRefused unreadable(Dsn dsn, SQLException problem) {
		return new ImportRefused("The %s database cannot be read: %s.".formatted(dsn.product(), dsn.reason(problem)));
	}

	private Source read() throws SQLException {
		Map<String, Set<String>> tables = new HashMap<>();
		for (String table : REQUIRED.keySet()) {
			tables.put(table, columns(table));
		}
		checkVersion(tables);
		String note = tables.getOrDefault("api_keys", Set.of()).contains("notes") ? "notes" : "null";
		Map<String, String> settings = new LinkedHashMap<>();
		RowCallbackHandler setting = (row) -> settings.put(row.getString(1), text(row, 2));
		this.jdbc.query("select setting_key, setting_value from system_settings order by id", setting);
		return new Source(settings, this.jdbc.query("select * from `groups` order by sort, id desc", group()),
				this.jdbc.query("select group_id, sub_group_id, weight from group_sub_groups order by id",
						(row, _) -> new Source.Member(row.getLong(1), row.getLong(2), row.getLong(3))),
				this.jdbc.query(
						"select id, group_id, key_value, key_hash, status, %s from api_keys order by id"
							.formatted(note),
						(row, _) -> new Source.Key(row.getLong(1), row.getLong(2), text(row, 3), text(row, 4),
								text(row, 5), row.getString(6))),
				history());
	}

	private static void checkVersion(Map<String, Set<String>> tables) {
		REQUIRED.forEach((table, columns) -> {
			Set<String> present = tables.getOrDefault(table, Set.of());
			for (String column : columns) {
				if (!present.contains(column)) {
					throw new ImportRefused("This is no database of gpt-load 1.4: %s. If an older version wrote it, "
						.formatted(present.isEmpty() ? "table '%s' is missing".formatted(table)
								: "table '%s' has no column '%s'".formatted(table, column))
							+ "start gpt-load 1.4 with it once, which brings its tables up to date.");
				}
			}
		});
	}

	private Set<String> columns(String table) throws SQLException {
		Set<String> names = new HashSet<>();
		try (ResultSet columns = this.connection.getMetaData()
			.getColumns(this.connection.getCatalog(), null, table, null)) {
			while (columns.next()) {
				names.add(columns.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
			}
		}
		return names;
	}

	private static RowMapper<Source.Group> group() {
		return (row, _) -> {
			Map<String, String> columns = new LinkedHashMap<>();
			List<String> unknown = new ArrayList<>();
			ResultSetMetaData shape = row.getMetaData();
			for (int i = 1; i <= shape.getColumnCount(); i++) {
				String name = shape.getColumnLabel(i).toLowerCase(Locale.ROOT);
				String value = SILENT_COLUMNS.contains(name) ? "" : text(row, i).strip();
				if (GROUP_COLUMNS.contains(name) && !value.isEmpty()) {
					columns.put(name, value);
				}
				else if (!GROUP_COLUMNS.contains(name) && !EMPTY.contains(value)) {
					unknown.add(name);
				}
			}
			return new Source.Group(row.getLong("id"), columns, unknown);
		};
	}

	private List<String> history() throws SQLException {
		List<String> filled = new ArrayList<>();
		for (String table : HISTORY) {
			if (!columns(table).isEmpty()
					&& !this.jdbc.queryForList("select 1 from %s limit 1".formatted(table)).isEmpty()) {
				filled.add(table);
			}
		}
		return filled;
	}

	private static String text(ResultSet row, int column) throws SQLException {
		@Nullable String value = row.getString(column);
		return (value != null) ? value : "";
	}

}
