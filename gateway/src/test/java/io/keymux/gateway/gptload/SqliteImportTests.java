package io.keymux.gateway.gptload;

import java.nio.file.Path;
import java.sql.SQLException;

import org.junit.jupiter.api.io.TempDir;

/** Moving from the SQLite file gpt-load makes by default. */
class SqliteImportTests extends GptLoadImportContract {

	@TempDir
	@SuppressWarnings("NullAway.Init") // injected
	Path folder;

	@Override
	SampleDatabase create(String name) throws SQLException {
		return SampleDatabase.sqlite("jdbc:sqlite:" + this.folder.resolve(name + ".db"));
	}

	@Override
	String dsn(String name) {
		return this.folder.resolve(name + ".db") + "?_busy_timeout=5000";
	}

}
