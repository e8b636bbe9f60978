package io.keymux.gateway.cluster;

import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/**
 * Turns on what MySQL's driver has turned off: batches of rows as one statement, and
 * statements that are parsed once a connection. What the URL says holds.
 */
@Component
class MySqlDefaults implements BeanPostProcessor {

	private static final Map<String, String> DEFAULTS = Map.of("rewriteBatchedStatements", "true", "cachePrepStmts",
			"true", "prepStmtCacheSize", "100", "prepStmtCacheSqlLimit", "20000");

	@Override
	public Object postProcessBeforeInitialization(Object bean, String name) {
		if (bean instanceof HikariDataSource source) {
			String url = source.getJdbcUrl();
			if (url != null && url.startsWith("jdbc:mysql:")) {
				DEFAULTS.forEach((key, value) -> {
					if (!url.contains(key + "=")) {
						source.addDataSourceProperty(key, value);
					}
				});
			}
		}
		return bean;
	}

}
