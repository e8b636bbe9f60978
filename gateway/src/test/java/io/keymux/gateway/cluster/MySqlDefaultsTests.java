package io.keymux.gateway.cluster;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MySqlDefaultsTests {

	private final MySqlDefaults defaults = new MySqlDefaults();

	@Test
	void mySqlWritesRowsInBatches() {
		HikariDataSource source = source("jdbc:mysql://127.0.0.1:3306/keymux?sslMode=DISABLED");
		assertThat(source.getDataSourceProperties()).containsEntry("rewriteBatchedStatements", "true")
			.containsEntry("cachePrepStmts", "true");
	}

	@Test
	void whatTheUrlSaysHolds() {
		HikariDataSource source = source("jdbc:mysql://127.0.0.1:3306/keymux?rewriteBatchedStatements=false");
		assertThat(source.getDataSourceProperties()).doesNotContainKey("rewriteBatchedStatements")
			.containsEntry("cachePrepStmts", "true");
	}

	@Test
	void otherDatabasesAreLeftAlone() {
		assertThat(source("jdbc:h2:mem:keymux").getDataSourceProperties()).isEmpty();
	}

	private HikariDataSource source(String url) {
		HikariDataSource source = new HikariDataSource();
		source.setJdbcUrl(url);
		return (HikariDataSource) this.defaults.postProcessBeforeInitialization(source, "dataSource");
	}

}
