package io.keymux.gateway.record;

import java.sql.DatabaseMetaData;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What the database can do beyond what all of them can. */
@Component
class RecordDatabase {

	private final JdbcTemplate jdbc;

	private volatile @Nullable Boolean partitioned;

	RecordDatabase(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Whether it is MySQL or MariaDB, with tables divided by day and hints of indexes.
	 */
	boolean partitioned() {
		Boolean known = this.partitioned;
		if (known == null) {
			known = Objects.requireNonNull(this.jdbc.execute((ConnectionCallback<Boolean>) (connection) -> {
				DatabaseMetaData about = connection.getMetaData();
				String name = about.getDatabaseProductName().toLowerCase(Locale.ROOT);
				return name.contains("mysql") || name.contains("mariadb");
			}));
			this.partitioned = known;
		}
		return known;
	}

	/** Says which index is to be used: this is known better here than there. */
	String force(String index) {
		return partitioned() ? " force index (" + index + ")" : "";
	}

}
