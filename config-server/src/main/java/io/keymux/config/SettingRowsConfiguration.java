package io.keymux.config;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Serves rows as soon as a database is named. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("!'${keymux.config.database.url}'.isBlank()")
class SettingRowsConfiguration {

	private static final int CONNECTIONS = 2;

	@Bean
	HikariDataSource settingRowsDataSource(ConfigServerProperties properties) {
		ConfigServerProperties.Database database = properties.database();
		HikariConfig config = new HikariConfig();
		config.setPoolName("settings");
		config.setJdbcUrl(database.url());
		config.setUsername(database.username());
		config.setPassword(database.password());
		config.setReadOnly(true);
		config.setMaximumPoolSize(CONNECTIONS);
		config.setConnectionTimeout(database.timeout().toMillis());
		config.setValidationTimeout(database.timeout().toMillis());
		// A database that comes later is no reason not to start.
		config.setInitializationFailTimeout(-1);
		return new HikariDataSource(config);
	}

	@Bean
	SettingRows settingRows(HikariDataSource source, ConfigServerProperties properties) {
		JdbcTemplate jdbc = new JdbcTemplate(source);
		jdbc.setQueryTimeout(Math.toIntExact(Math.max(1, properties.database().timeout().toSeconds())));
		return new SettingRows(jdbc);
	}

}
