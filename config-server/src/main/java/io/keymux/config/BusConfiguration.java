package io.keymux.config;

import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.cloud.bus.BusBridge;
import org.springframework.cloud.bus.BusProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The bus, where there is a broker. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("spring.cloud.bus.enabled")
class BusConfiguration {

	@Bean
	ChangePublisher changePublisher(BusBridge bus, BusProperties properties) {
		return new BusPublisher(bus, properties.getId());
	}

	@Bean
	HealthIndicator busHealthIndicator(RabbitTemplate rabbit, DocumentWatch watch) {
		return new BusHealth(rabbit, watch);
	}

}
