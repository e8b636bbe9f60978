package io.keymux.gateway;

import java.util.List;

import io.keymux.gateway.command.Commands;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts one Keymux node. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class GatewayApplication {

	/**
	 * Starts the node, or does what a command asks for.
	 * @param args Spring Boot arguments, or a command
	 */
	public static void main(String[] args) {
		if (Commands.asked(args)) {
			System.exit(Commands.run(List.of(args), System.getenv(), System.out));
		}
		SpringApplication.run(GatewayApplication.class, args);
	}

}
