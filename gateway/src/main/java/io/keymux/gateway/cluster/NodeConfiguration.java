package io.keymux.gateway.cluster;

import java.time.Clock;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Time and chance of this node. */
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {

	@Bean
	InstantSource instantSource() {
		return Clock.systemUTC();
	}

	/** Chance for choices, safe for any thread; secrets are drawn elsewhere. */
	@Bean
	RandomGenerator randomGenerator() {
		return () -> ThreadLocalRandom.current().nextLong();
	}

}
