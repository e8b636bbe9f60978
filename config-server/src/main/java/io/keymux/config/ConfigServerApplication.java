package io.keymux.config;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.cloud.config.server.EnableConfigServer;

/** Starts the config server. */
@EnableConfigServer
@SpringBootApplication
@ConfigurationPropertiesScan
public class ConfigServerApplication {

	/**
	 * Starts the server.
	 * @param args Spring Boot arguments
	 */
	public static void main(String[] args) {
		SpringApplication.run(ConfigServerApplication.class, args);
	}

}
