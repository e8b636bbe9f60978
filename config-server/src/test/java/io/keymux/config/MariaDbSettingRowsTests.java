package io.keymux.config;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class MariaDbSettingRowsTests extends SettingRowsContract {

	private static MariaDb database;

	@BeforeAll
	static void start() {
		database = MariaDb.start();
	}

	@AfterAll
	static void stop() throws IOException {
		database.close();
	}

	@Override
	String url() {
		return database.url();
	}

	@Override
	String username() {
		return "root";
	}

	@Test
	void databaseThatIsAwayHidesNoFileBehindHalfADocument(@TempDir Path directory) throws IOException {
		Files.writeString(directory.resolve("application.yaml"), "keymux.settings.max-attempts: 2\n");
		try (ServerSocket nobody = new ServerSocket(0);
				TestServer server = TestServer.start("keymux.config.directory=" + directory,
						"keymux.config.database.timeout=500ms",
						"keymux.config.database.url=jdbc:mysql://127.0.0.1:%d/keymux?connectTimeout=300&socketTimeout=300"
							.formatted(nobody.getLocalPort()))) {
			assertThat(server.document().status()).isEqualTo(503);
			assertThat(server.get("/billing/default").value("keymux.settings.max-attempts")).isEqualTo("2");
		}
	}

}
