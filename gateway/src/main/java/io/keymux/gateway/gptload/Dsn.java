package io.keymux.gateway.gptload;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where a database of gpt-load is; what cannot be opened is told without repeating the
 * DSN, which may hold a password.
 */
sealed interface Dsn {

	/** The forms a DSN may have, for messages. */
	String FORMS = """
			user:password@tcp(host:3306)/database, mysql://user:password@host:3306/database, \
			jdbc:mysql://host:3306/database?user=…&password=…, or the path of a SQLite file""";

	/**
	 * Reads a DSN in one of gpt-load's own forms, or as a JDBC URL.
	 * @param text the DSN
	 * @return the database it names
	 * @throws ImportRefused if it names none that can be read
	 */
	static Dsn parse(String text) {
		String dsn = text.strip();
		String lower = dsn.toLowerCase(Locale.ROOT);
		if (lower.startsWith("postgres") || lower.startsWith("jdbc:postgresql:")
				|| (lower.contains("host=") && lower.contains("dbname="))) {
			throw new ImportRefused("The DSN names a PostgreSQL database, which cannot be read. Move gpt-load's data "
					+ "to MySQL or SQLite first.");
		}
		if (lower.startsWith("jdbc:mysql:")) {
			return new MySql(dsn, dsn.contains("connectTimeout=") ? new Properties() : MySqlDsn.patience());
		}
		if (lower.startsWith("mysql://")) {
			return MySqlDsn.url(dsn.substring("mysql://".length()));
		}
		if (MySqlDsn.GO.matcher(dsn).matches()) {
			return MySqlDsn.go(dsn);
		}
		for (String prefix : new String[] { "sqlite://", "jdbc:sqlite:", "file:" }) {
			if (lower.startsWith(prefix)) {
				return Sqlite.file(dsn.substring(prefix.length()));
			}
		}
		if (dsn.isEmpty() || lower.contains("://") || lower.startsWith("jdbc:")) {
			throw new ImportRefused("The DSN has none of the known forms (expected: %s).".formatted(FORMS));
		}
		return Sqlite.file(dsn);
	}

	/**
	 * Opens the database for reading.
	 * @return an open connection that cannot write
	 * @throws ImportRefused if it cannot be opened
	 */
	Connection open();

	/**
	 * Tells why the database cannot be used, without the driver's own words, which may
	 * repeat the URL.
	 */
	String reason(SQLException problem);

	/** The product, for messages. */
	String product();

	/**
	 * A MySQL or MariaDB server.
	 *
	 * @param url JDBC URL
	 * @param properties user, password and what the driver is told
	 */
	record MySql(String url, Properties properties) implements Dsn {

		@Override
		public String product() {
			return "MySQL";
		}

		@Override
		public Connection open() {
			try {
				Connection connection = DriverManager.getConnection(this.url, this.properties);
				connection.setReadOnly(true);
				return connection;
			}
			catch (SQLException ex) {
				throw new ImportRefused("The MySQL database cannot be opened: %s.".formatted(reason(ex)));
			}
		}

		@Override
		public String reason(SQLException problem) {
			String state = String.valueOf(problem.getSQLState());
			return switch (problem.getErrorCode()) {
				case 1044, 1045, 1698 -> "the server refuses this user or password";
				case 1049 -> "there is no database of that name on the server";
				default -> state.startsWith("08") ? "the server does not answer at that host and port"
						: "SQLState %s, error %d".formatted(state, problem.getErrorCode());
			};
		}

		@Override
		public String toString() {
			return "MySql";
		}

	}

	/**
	 * A SQLite file.
	 *
	 * @param file where it is
	 */
	record Sqlite(Path file) implements Dsn {

		/** What follows a question mark is for gpt-load's driver. */
		private static Sqlite file(String path) {
			try {
				return new Sqlite(Path.of(path.split("\\?", 2)[0]));
			}
			catch (InvalidPathException ex) {
				throw new ImportRefused("The DSN has none of the known forms (expected: %s).".formatted(FORMS));
			}
		}

		@Override
		public String product() {
			return "SQLite";
		}

		@Override
		public Connection open() {
			if (!Files.isRegularFile(this.file)) {
				String path = this.file.toString();
				// It may be a misspelt DSN of a server, password included.
				boolean harmless = !path.contains("@") && !path.contains("=");
				throw new ImportRefused(harmless ? "There is no SQLite file '%s'.".formatted(path)
						: "The DSN names no file and has none of the known forms (expected: %s).".formatted(FORMS));
			}
			Properties properties = new Properties();
			properties.setProperty("open_mode", "1"); // SQLITE_OPEN_READONLY
			properties.setProperty("busy_timeout", "5000");
			try {
				return DriverManager.getConnection("jdbc:sqlite:" + this.file.toAbsolutePath(), properties);
			}
			catch (SQLException ex) {
				throw new ImportRefused("The SQLite database cannot be opened: %s.".formatted(reason(ex)));
			}
		}

		@Override
		public String reason(SQLException problem) {
			return switch (problem.getErrorCode()) {
				case 5, 6 -> "another program is writing to it; stop gpt-load first";
				case 8 -> "a write to it was cut off; start and stop gpt-load once";
				case 14 -> "this account may not read the file";
				case 26 -> "the file is no SQLite database";
				default -> "error %d".formatted(problem.getErrorCode());
			};
		}

	}

	/** DSNs of MySQL as gpt-load's driver and as URLs write them. */
	final class MySqlDsn {

		/** {@code user:password@tcp(host:port)/database?options}. */
		private static final Pattern GO = Pattern
			.compile("(?:(?<credentials>.*)@)?(?<protocol>[a-z0-9]+)\\((?<address>[^)]*)\\)/(?<database>[^/?]*)"
					+ "(?:\\?(?<options>.*))?");

		/** {@code user:password@host:port/database?options}. */
		private static final Pattern URL = Pattern
			.compile("(?:(?<credentials>.*)@)?(?<address>[^/@?]+)/(?<database>[^/?]*)(?:\\?(?<options>.*))?");

		private MySqlDsn() {
		}

		private static Dsn go(String dsn) {
			Matcher parts = GO.matcher(dsn);
			if (!parts.matches() || !parts.group("protocol").startsWith("tcp")) {
				throw new ImportRefused("The DSN reaches MySQL over something else than TCP (expected: "
						+ "user:password@tcp(host:3306)/database).");
			}
			return dsn(parts, false);
		}

		private static Dsn url(String rest) {
			if (GO.matcher(rest).matches()) {
				return go(rest);
			}
			Matcher parts = URL.matcher(rest);
			if (!parts.matches()) {
				throw new ImportRefused("The DSN cannot be read (expected: mysql://user:password@host:3306/database).");
			}
			return dsn(parts, true);
		}

		private static Dsn dsn(Matcher parts, boolean encoded) {
			String address = parts.group("address").isEmpty() ? "127.0.0.1" : parts.group("address");
			Properties properties = patience();
			String credentials = parts.group("credentials");
			if (credentials != null) {
				String[] both = credentials.split(":", 2);
				properties.setProperty("user", encoded ? decoded(both[0]) : both[0]);
				properties.setProperty("password", (both.length < 2) ? "" : encoded ? decoded(both[1]) : both[1]);
			}
			properties.setProperty("sslMode", sslMode(parts.group("options")));
			// gpt-load's driver asks the server for its key as well.
			properties.setProperty("allowPublicKeyRetrieval", "true");
			return new MySql("jdbc:mysql://%s/%s".formatted(address, parts.group("database")), properties);
		}

		/** How many milliseconds the driver waits for a connection, and for an answer. */
		private static Properties patience() {
			Properties properties = new Properties();
			properties.setProperty("connectTimeout", "10000");
			properties.setProperty("socketTimeout", "600000");
			return properties;
		}

		private static String decoded(String text) {
			try {
				return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
			}
			catch (IllegalArgumentException ex) {
				return text;
			}
		}

		private static String sslMode(@Nullable String options) {
			String all = "&" + ((options != null) ? options : "") + "&";
			if (all.contains("&tls=true&")) {
				return "VERIFY_IDENTITY";
			}
			if (all.contains("&tls=skip-verify&")) {
				return "REQUIRED";
			}
			return all.contains("&tls=false&") ? "DISABLED" : "PREFERRED";
		}

	}

}
