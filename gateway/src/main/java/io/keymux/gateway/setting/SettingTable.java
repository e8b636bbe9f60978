package io.keymux.gateway.setting;

import java.util.Map;
import java.util.TreeMap;

import io.keymux.gateway.cluster.Revisions;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** The rows of the system settings; the config server reads the same. */
@Component
public class SettingTable {

	static final String REVISION = "settings";

	private final JdbcClient jdbc;

	private final Revisions revisions;

	SettingTable(JdbcClient jdbc, Revisions revisions) {
		this.jdbc = jdbc;
		this.revisions = revisions;
	}

	/** Makes writers of settings take turns, and counts their revision up. */
	long next() {
		this.revisions.next(REVISION);
		return this.revisions.read(REVISION);
	}

	/** The rows and their revision. */
	@Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
	public Rows read() {
		return new Rows(this.revisions.read(REVISION), values());
	}

	Map<String, String> values() {
		Map<String, String> values = new TreeMap<>();
		this.jdbc.sql("select name, setting_value from keymux_setting").query((row) -> {
			values.put(row.getString(1), row.getString(2));
		});
		return values;
	}

	void write(Map<String, String> values) {
		this.jdbc.sql("delete from keymux_setting").update();
		values.forEach((name, value) -> this.jdbc.sql("insert into keymux_setting (name, setting_value) values (?, ?)")
			.params(name, value)
			.update());
	}

	/**
	 * All rows.
	 *
	 * @param revision their revision
	 * @param values values by setting
	 */
	public record Rows(long revision, Map<String, String> values) {

		@Override
		public String toString() {
			return "Rows[revision=" + this.revision + "]";
		}

	}

}
