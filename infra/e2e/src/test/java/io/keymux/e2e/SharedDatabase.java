package io.keymux.e2e;

import java.sql.SQLException;
import java.util.Map;

import org.h2.tools.Server;

/** A database that several gateways use, gone with the test. */
final class SharedDatabase implements AutoCloseable {

	private final Server server;

	private SharedDatabase(Server server) {
		this.server = server;
	}

	static SharedDatabase start() {
		try {
			return new SharedDatabase(Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-tcpDaemon").start());
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** What points a gateway to it. */
	Map<String, String> variables() {
		return Map.of("KEYMUX_DATABASE_URL",
				"jdbc:h2:tcp://127.0.0.1:%d/mem:keymux;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;LOCK_TIMEOUT=10000;DB_CLOSE_DELAY=-1"
					.formatted(this.server.getPort()));
	}

	@Override
	public void close() {
		this.server.stop();
	}

}
