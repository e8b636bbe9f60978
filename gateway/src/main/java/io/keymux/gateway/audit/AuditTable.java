package io.keymux.gateway.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of the audit log: there is a way to add one, and none to change one. */
@Component
class AuditTable {

	private static final int MAX_TEXT = 255;

	private static final JsonMapper json = JsonMapper.builder().build();

	private final JdbcClient jdbc;

	AuditTable(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void insert(AuditEntry entry) {
		this.jdbc.sql(
				"insert into keymux_audit (at, actor, actor_kind, address, action, target, before_change, after_change)"
						+ " values (?, ?, ?, ?, ?, ?, ?, ?)")
			.param(LocalDateTime.ofInstant(entry.at(), ZoneOffset.UTC))
			.param(cut(entry.actor().name()))
			.param(entry.actor().kind().name().toLowerCase(Locale.ROOT))
			.param(entry.actor().address())
			.param(entry.action())
			.param(cut(entry.target()))
			.param(text(entry.before()))
			.param(text(entry.after()))
			.update();
	}

	List<AuditEntry> find(AuditQuery query, int limit) {
		StringBuilder condition = new StringBuilder(" where 1 = 1");
		Map<String, Object> values = new HashMap<>(Map.of("limit", limit));
		and(condition, values, " and id < :after", "after", query.after());
		and(condition, values, " and actor = :actor", "actor", query.actor());
		and(condition, values, " and target = :target", "target", query.target());
		and(condition, values, " and at >= :from", "from", utc(query.from()));
		and(condition, values, " and at < :to", "to", utc(query.to()));
		String action = query.action();
		if (action != null && action.endsWith("*")) {
			String prefix = action.substring(0, action.length() - 1).replaceAll("[!%_]", "!$0");
			and(condition, values, " and action like :action escape '!'", "action", prefix + "%");
		}
		else {
			and(condition, values, " and action = :action", "action", action);
		}
		return this.jdbc.sql("select * from keymux_audit" + condition + " order by id desc limit :limit")
			.params(values)
			.query(AuditTable::entry)
			.list();
	}

	private static void and(StringBuilder condition, Map<String, Object> values, String sql, String name,
			@Nullable Object value) {
		if (value != null) {
			condition.append(sql);
			values.put(name, value);
		}
	}

	private static AuditEntry entry(ResultSet row, int number) throws SQLException {
		Actor actor = new Actor(row.getString("actor"),
				Actor.Kind.valueOf(row.getString("actor_kind").toUpperCase(Locale.ROOT)), row.getString("address"));
		Instant at = row.getObject("at", LocalDateTime.class).toInstant(ZoneOffset.UTC);
		return new AuditEntry(row.getLong("id"), at, actor, row.getString("action"), row.getString("target"),
				node(row.getString("before_change")), node(row.getString("after_change")));
	}

	private static @Nullable LocalDateTime utc(@Nullable Instant instant) {
		return (instant != null) ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC) : null;
	}

	private static @Nullable String text(@Nullable JsonNode node) {
		return (node != null) ? json.writeValueAsString(node) : null;
	}

	private static @Nullable JsonNode node(@Nullable String text) {
		return (text != null) ? json.readTree(text) : null;
	}

	private static String cut(String text) {
		return (text.length() > MAX_TEXT) ? text.substring(0, MAX_TEXT) : text;
	}

}
