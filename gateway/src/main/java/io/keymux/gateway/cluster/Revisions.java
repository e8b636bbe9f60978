package io.keymux.gateway.cluster;

import java.util.Map;
import java.util.TreeMap;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The stored revisions: numbers that grow with every change of one kind. */
@Component
public class Revisions {

	private final JdbcClient jdbc;

	Revisions(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Reads all revisions. Blocks.
	 * @return revision by name
	 */
	public Map<String, Long> read() {
		Map<String, Long> revisions = new TreeMap<>();
		this.jdbc.sql("select scope, revision from keymux_revision").query((row) -> {
			revisions.put(row.getString(1), row.getLong(2));
		});
		return revisions;
	}

	/**
	 * Reads one revision. Blocks.
	 * @param name its name
	 * @return the revision
	 */
	public long read(String name) {
		return this.jdbc.sql("select revision from keymux_revision where scope = ?")
			.param(name)
			.query(Long.class)
			.single();
	}

	/**
	 * Makes writers of one kind take turns until the end of the running transaction.
	 * @param name name of the revision
	 */
	public void lock(String name) {
		this.jdbc.sql("select revision from keymux_revision where scope = ? for update")
			.param(name)
			.query(Long.class)
			.single();
	}

	/**
	 * Counts a revision up within the running transaction; other writers of the same wait
	 * for its end.
	 * @param name its name
	 */
	public void next(String name) {
		this.jdbc.sql("update keymux_revision set revision = revision + 1 where scope = ?").param(name).update();
	}

}
