package io.keymux.gateway.bus;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.cloud.bus.event.RemoteApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Reads events of the bus whatever else they carry: the strictness that the management
 * API has with people is out of place among programs of different versions.
 */
@Configuration(proxyBeanMethods = false)
class BusJson {

	@Bean
	JsonMapperBuilderCustomizer lenientRemoteEvents() {
		return (builder) -> builder.addMixIn(RemoteApplicationEvent.class, Lenient.class);
	}

	/** What is unknown is left out. */
	@JsonIgnoreProperties(value = "source", ignoreUnknown = true)
	private interface Lenient {

	}

}
