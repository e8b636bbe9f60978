package io.keymux.gateway.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.keymux.gateway.audit.Actor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Component;

/** The rows of tasks. */
@Component
class TaskTable {

	private static final int MAX_ERROR = 1000;

	private static final String COLUMNS = "select id, kind, target, state, done, total, result, error, started_by, node, repeat_of, "
			+ "created_at, finished_at from keymux_task";

	private final JdbcClient jdbc;

	TaskTable(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	long insert(Actor actor, String kind, String target, String parameters, String node, @Nullable Long repeatOf,
			Instant now) {
		KeyHolder id = new GeneratedKeyHolder();
		this.jdbc.sql(
				"insert into keymux_task (kind, target, parameters, state, started_by, started_by_kind, address, node, "
						+ "repeat_of, created_at, heartbeat_at) values (?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?)")
			.params(java.util.Arrays.asList(kind, target, parameters, actor.name(), name(actor.kind()), actor.address(),
					node, repeatOf, utc(now), utc(now)))
			.update(id, "id");
		return java.util.Objects.requireNonNull(id.getKey()).longValue();
	}

	Optional<Task> find(long id) {
		return this.jdbc.sql(COLUMNS + " where id = ?").param(id).query(TaskTable::task).optional();
	}

	Optional<String> parameters(long id) {
		return this.jdbc.sql("select parameters from keymux_task where id = ?")
			.param(id)
			.query(String.class)
			.optional();
	}

	List<Task> page(@Nullable TaskState state, int size, long offset) {
		return this.jdbc
			.sql(COLUMNS + " where (:state is null or state = :state) order by id desc limit :size offset :offset")
			.param("state", (state != null) ? name(state) : null)
			.param("size", size)
			.param("offset", offset)
			.query(TaskTable::task)
			.list();
	}

	long count(@Nullable TaskState state) {
		return this.jdbc.sql("select count(*) from keymux_task where (:state is null or state = :state)")
			.param("state", (state != null) ? name(state) : null)
			.query(Long.class)
			.single();
	}

	/** Answers false if the task is this node's no more. */
	boolean write(TaskRun run, String node, Instant now) {
		TaskRun.Progress progress = run.progress();
		TaskRun.End end = run.end();
		JsonNode result = progress.result();
		return this.jdbc
			.sql("update keymux_task set done = :done, total = :total, result = :result, state = :state, error = :error, "
					+ "heartbeat_at = :now, finished_at = :finished where id = :id and node = :node and state = 'running'")
			.param("done", progress.done())
			.param("total", progress.total())
			.param("result", (result != null) ? TaskRun.json.writeValueAsString(result) : null)
			.param("state", name((end != null) ? end.state() : TaskState.RUNNING))
			.param("error", (end != null) ? cut(end.error()) : null)
			.param("now", utc(now))
			.param("finished", (end != null) ? utc(now) : null)
			.param("id", run.id())
			.param("node", node)
			.update() > 0;
	}

	List<Long> cancelRequested(String node) {
		return this.jdbc.sql("select id from keymux_task where node = ? and state = 'running' and cancel_requested")
			.param(node)
			.query((row, _) -> row.getLong("id"))
			.list();
	}

	boolean requestCancel(long id) {
		return this.jdbc.sql("update keymux_task set cancel_requested = true where id = ? and state = 'running'")
			.param(id)
			.update() > 0;
	}

	/** The running tasks whose node has been silent. */
	List<Task> findSilent(Instant since) {
		return this.jdbc.sql(COLUMNS + " where state = 'running' and heartbeat_at < ?")
			.param(utc(since))
			.query(TaskTable::task)
			.list();
	}

	/** Gives up a task whose node has been silent; answers false if another node did. */
	boolean failSilent(long id, String error, Instant since, Instant now) {
		return this.jdbc
			.sql("update keymux_task set state = 'failed', finished_at = ?, error = ? "
					+ "where id = ? and state = 'running' and heartbeat_at < ?")
			.params(utc(now), error, id, utc(since))
			.update() > 0;
	}

	void deleteFinished(Instant before) {
		this.jdbc.sql("delete from keymux_task where finished_at < ?").param(utc(before)).update();
	}

	private static Task task(ResultSet row, int number) throws SQLException {
		String result = row.getString("result");
		return new Task(row.getLong("id"), row.getString("kind"), row.getString("target"),
				TaskState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)), row.getLong("done"),
				row.getObject("total", Long.class), (result != null) ? TaskRun.json.readTree(result) : null,
				row.getString("error"), row.getString("started_by"), row.getString("node"),
				row.getObject("repeat_of", Long.class), instant(row.getObject("created_at", LocalDateTime.class)),
				instantOrNull(row.getObject("finished_at", LocalDateTime.class)));
	}

	private static String name(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

	private static LocalDateTime utc(Instant instant) {
		return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
	}

	private static Instant instant(LocalDateTime time) {
		return time.toInstant(ZoneOffset.UTC);
	}

	private static @Nullable Instant instantOrNull(@Nullable LocalDateTime time) {
		return (time != null) ? instant(time) : null;
	}

	private static @Nullable String cut(@Nullable String text) {
		return (text != null && text.length() > MAX_ERROR) ? text.substring(0, MAX_ERROR) : text;
	}

}
