package io.keymux.gateway.gptload;

import java.sql.SQLException;

import io.keymux.gateway.management.MariaDb;

/** Moving from a MySQL server; this one takes any password. */
class MariaDbImportTests extends GptLoadImportContract {

	@Override
	SampleDatabase create(String name) throws SQLException {
		return SampleDatabase.mySql(MariaDb.url("gptload_" + name));
	}

	@Override
	String dsn(String name) {
		String address = MariaDb.url("any").replaceAll("^jdbc:mysql://|/.*$", "");
		return "root:p@ss:w/rd@tcp(%s)/gptload_%s?charset=utf8mb4&parseTime=True&loc=Local".formatted(address, name);
	}

}
