package io.keymux.gateway.session;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.keymux.gateway.cluster.Replica;
import io.keymux.gateway.cluster.Revisions;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Remembers who logged out until his cookie would have expired, so that no copy of it is
 * good for anything.
 */
@Component
class EndedSessions implements Replica, SmartLifecycle {

	/** Before anything serves. */
	private static final int PHASE = -50;

	private final JdbcClient jdbc;

	private final Revisions revisions;

	private final InstantSource time;

	private volatile long revision;

	private final Map<String, Instant> ended = new ConcurrentHashMap<>();

	private volatile boolean running;

	EndedSessions(JdbcClient jdbc, Revisions revisions, InstantSource time) {
		this.jdbc = jdbc;
		this.revisions = revisions;
		this.time = time;
	}

	/** One look into memory. */
	boolean contains(String id) {
		return this.ended.containsKey(id);
	}

	/** Stores that a session is over, within the running transaction. Blocks. */
	void store(Session session) {
		this.jdbc.sql("delete from keymux_session_ended where id = ? or expires_at < ?")
			.params(session.id(), utc(this.time.instant()))
			.update();
		this.revisions.next(name());
		this.jdbc.sql("insert into keymux_session_ended (id, expires_at) values (?, ?)")
			.params(session.id(), utc(session.expiresAt()))
			.update();
	}

	@EventListener
	void take(SessionEnded notice) {
		Instant now = this.time.instant();
		this.ended.values().removeIf((end) -> end.isBefore(now));
		this.ended.put(notice.id(), notice.expiresAt());
	}

	@Override
	public String name() {
		return "sessions";
	}

	@Override
	public long revision() {
		return this.revision;
	}

	/** Each look at the revision may find what a notice has brought already. */
	@Override
	public synchronized void reload() {
		long next = this.revisions.read(name());
		this.jdbc.sql("select id, expires_at from keymux_session_ended where expires_at >= ?")
			.param(utc(this.time.instant()))
			.query((row, _) -> Map.entry(row.getString(1),
					row.getObject(2, LocalDateTime.class).toInstant(ZoneOffset.UTC)))
			.list()
			.forEach((entry) -> this.ended.put(entry.getKey(), entry.getValue()));
		this.revision = next;
	}

	@Override
	public void start() {
		reload();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private static LocalDateTime utc(Instant instant) {
		return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
	}

}
