package io.keymux.gateway.bus;

import io.keymux.gateway.cluster.ChangeBus;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.cloud.bus.BusBridge;
import org.springframework.cloud.bus.BusProperties;
import org.springframework.cloud.bus.jackson.RemoteApplicationEventScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The bus, where there is one. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("spring.cloud.bus.enabled")
@RemoteApplicationEventScan
class BusConfiguration {

	@Bean
	BrokerCondition brokerCondition(ConnectionFactory connections) {
		return new BrokerCondition(connections);
	}

	@Bean
	BusCarrier busCarrier(BusBridge bridge, BusProperties properties, ChangeBus changes) {
		return new BusCarrier(bridge, properties, changes);
	}

}
