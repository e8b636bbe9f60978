package io.keymux.gateway.setting;

import java.nio.file.Path;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.cloud.config.client.ConfigClientProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** System settings from the config server, or from the table where there is none. */
@Configuration(proxyBeanMethods = false)
class SettingConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("spring.cloud.config.enabled")
	static class FromConfigServer {

		@Bean
		ConfigServerSource configServerSource(ConfigClientProperties server) {
			return new ConfigServerSource(server);
		}

		@Bean
		LastGoodSettings lastGoodSettings(@Value("${keymux.data-dir}") Path folder) {
			return new LastGoodSettings(folder);
		}

		@Bean
		ConfigWatch configWatch(SystemSettings settings) {
			return new ConfigWatch(settings);
		}

	}

	@Bean
	@ConditionalOnBooleanProperty(name = "spring.cloud.config.enabled", havingValue = false, matchIfMissing = true)
	SystemTierSource tableSource(SettingTable table) {
		return new TableSource(table);
	}

}
