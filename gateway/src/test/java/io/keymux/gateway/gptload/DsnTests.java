package io.keymux.gateway.gptload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DsnTests {

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"',
			textBlock = """
					root:secret@tcp(db:3307)/gptload?charset=utf8mb4&parseTime=True,  jdbc:mysql://db:3307/gptload,   root, secret
					root:se:cr@/et@tcp(127.0.0.1:3306)/gptload,                       jdbc:mysql://127.0.0.1:3306/gptload, root, se:cr@/et
					root@tcp([::1]:3306)/gptload,                                     jdbc:mysql://[::1]:3306/gptload, root, ""
					root:secret@tcp()/gptload,                                        jdbc:mysql://127.0.0.1/gptload, root, secret
					mysql://root:secret@db:3307/gptload?x=y,                          jdbc:mysql://db:3307/gptload,   root, secret
					mysql://root:s%40c%2Fr+t@db/gptload,                              jdbc:mysql://db/gptload,        root, s@c/r+t
					mysql://root:secret@tcp(db:3307)/gptload,                         jdbc:mysql://db:3307/gptload,   root, secret
					""")
	void readsMySqlAsGptLoadAndAsUrlsWriteIt(String dsn, String url, String user, String password) {
		Dsn.MySql mySql = (Dsn.MySql) Dsn.parse(dsn);
		assertThat(mySql.url()).isEqualTo(url);
		assertThat(mySql.properties()).containsEntry("user", user).containsEntry("password", password);
		assertThat(mySql).asString().doesNotContain(url);
	}

	@Test
	void takesTlsAsGptLoadDoes() {
		assertThat(sslMode("")).isEqualTo("PREFERRED");
		assertThat(sslMode("?charset=utf8mb4&tls=true")).isEqualTo("VERIFY_IDENTITY");
		assertThat(sslMode("?tls=skip-verify&loc=Local")).isEqualTo("REQUIRED");
		assertThat(sslMode("?tls=false")).isEqualTo("DISABLED");
	}

	@Test
	void takesAJdbcUrlAsItIs() {
		assertThat(Dsn.parse(" jdbc:mysql://db/gptload?user=root&password=secret "))
			.asInstanceOf(InstanceOfAssertFactories.type(Dsn.MySql.class))
			.extracting(Dsn.MySql::url)
			.isEqualTo("jdbc:mysql://db/gptload?user=root&password=secret");
	}

	@ParameterizedTest
	@CsvSource({ "./data/gpt-load.db, ./data/gpt-load.db", "/data/x.db?_busy_timeout=5000, /data/x.db",
			"sqlite:///data/x.db, /data/x.db", "sqlite://data/x.db, data/x.db", "jdbc:sqlite:/data/x.db, /data/x.db",
			"file:/data/x.db?mode=ro, /data/x.db" })
	void readsPathsOfSqliteFiles(String dsn, Path file) {
		assertThat(Dsn.parse(dsn)).isEqualTo(new Dsn.Sqlite(file));
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgres://root:secret@db/gptload", "postgresql://root:secret@db/gptload",
			"jdbc:postgresql://db/gptload?password=secret", "host=db user=root password=secret dbname=gptload" })
	void refusesPostgreSqlWithoutRepeatingThePassword(String dsn) {
		assertThatExceptionOfType(ImportRefused.class).isThrownBy(() -> Dsn.parse(dsn))
			.withMessageContaining("PostgreSQL")
			.withMessageNotContaining("secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "redis://root:secret@db", "jdbc:h2:mem:secret", "root:secret@unix(/tmp/secret)/x",
			"mysql://root:secret@db", "root:secret@db:3306/gptload", "a\0secret" })
	void refusesAnythingElseWithoutRepeatingThePassword(String dsn) {
		assertThatExceptionOfType(ImportRefused.class).isThrownBy(() -> Dsn.parse(dsn).open())
			.withMessageNotContaining("secret");
	}

	@Test
	void namesAMissingFileAndAServerThatDoesNotAnswer(@TempDir Path folder) {
		assertThatExceptionOfType(ImportRefused.class)
			.isThrownBy(() -> Dsn.parse(folder.resolve("none.db").toString()).open())
			.withMessage("There is no SQLite file '%s'.", folder.resolve("none.db"));
		assertThat(folder.resolve("none.db")).doesNotExist();
		assertThatExceptionOfType(ImportRefused.class)
			.isThrownBy(() -> Dsn.parse("root:secret@tcp(127.0.0.1:1)/gptload").open())
			.withMessage("The MySQL database cannot be opened: the server does not answer at that host and port.");
		assertThatExceptionOfType(ImportRefused.class)
			.isThrownBy(() -> Dsn.parse("jdbc:mysql://root:secret@[/gptload").open())
			.withMessageNotContaining("secret");
	}

	@Test
	void refusesAFileThatIsNoDatabaseOfGptLoad(@TempDir Path folder) throws IOException {
		Path text = Files.writeString(folder.resolve("text.db"), "no database, but long enough to look like a header");
		assertThatExceptionOfType(ImportRefused.class)
			.isThrownBy(() -> GptLoadDatabase.read(Dsn.parse(text.toString())))
			.withMessage("The SQLite database cannot be read: the file is no SQLite database.");
		Path empty = Files.createFile(folder.resolve("empty.db"));
		assertThatExceptionOfType(ImportRefused.class)
			.isThrownBy(() -> GptLoadDatabase.read(Dsn.parse(empty.toString())))
			.withMessageContaining("is missing")
			.withMessageContaining("start gpt-load 1.4");
	}

	private static Object sslMode(String options) {
		Dsn.MySql mySql = (Dsn.MySql) Dsn.parse("root:secret@tcp(db:3306)/gptload" + options);
		return mySql.properties().getProperty("sslMode");
	}

}
