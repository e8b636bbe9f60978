package io.keymux.gateway.cluster;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What all nodes told of themselves. */
@Component
class NodeTable {

	private static final JsonMapper json = JsonMapper.shared();

	private final JdbcClient jdbc;

	NodeTable(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void write(NodeRecord node) {
		if (update(node) == 0) {
			try {
				this.jdbc
					.sql("insert into keymux_node (seen_at, revisions, settings, warnings, version, started_at, id) "
							+ "values (:seenAt, :revisions, :settings, :warnings, :version, :startedAt, :id)")
					.params(values(node))
					.param("version", node.version())
					.param("startedAt", utc(node.startedAt()))
					.update();
			}
			catch (DuplicateKeyException ex) {
				update(node);
			}
		}
	}

	private int update(NodeRecord node) {
		return this.jdbc
			.sql("update keymux_node set seen_at = :seenAt, revisions = :revisions, settings = :settings, "
					+ "warnings = :warnings where id = :id")
			.params(values(node))
			.update();
	}

	private static Map<String, Object> values(NodeRecord node) {
		return Map.of("seenAt", utc(node.seenAt()), "revisions", json.writeValueAsString(node.revisions()), "settings",
				node.settings(), "warnings", json.writeValueAsString(node.warnings()), "id", node.id());
	}

	void delete(String id) {
		this.jdbc.sql("delete from keymux_node where id = ?").param(id).update();
	}

	void deleteSilent(Instant since) {
		this.jdbc.sql("delete from keymux_node where seen_at < ?").param(utc(since)).update();
	}

	List<NodeRecord> findAll() {
		return this.jdbc
			.sql("select id, version, started_at, seen_at, revisions, settings, warnings from keymux_node "
					+ "order by started_at, id")
			.query((row, _) -> new NodeRecord(row.getString(1), row.getString(2),
					instant(row.getObject(3, LocalDateTime.class)), instant(row.getObject(4, LocalDateTime.class)),
					json.readValue(row.getString(5), new TypeReference<Map<String, Long>>() {
					}), row.getString(6), json.readValue(row.getString(7), new TypeReference<List<String>>() {
					})))
			.list();
	}

	private static LocalDateTime utc(Instant instant) {
		return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
	}

	private static Instant instant(LocalDateTime time) {
		return time.toInstant(ZoneOffset.UTC);
	}

}
