package io.keymux.config;

import java.util.Map;
import java.util.stream.Stream;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/** Switches Spring Cloud Bus on where a broker is named, and off everywhere else. */
class BusSwitch implements EnvironmentPostProcessor, Ordered {

	private static final String ENABLED = "spring.cloud.bus.enabled";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		boolean named = Stream.of("spring.rabbitmq.addresses", "spring.rabbitmq.host")
			.anyMatch((property) -> StringUtils.hasText(environment.getProperty(property)));
		environment.getPropertySources().addLast(new MapPropertySource("bus-switch", Map.of(ENABLED, named)));
	}

	/** After the files of properties, before the bus looks at its switch. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 1;
	}

}
