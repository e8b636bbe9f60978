package io.keymux.gateway.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Time and chance of this node. */
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {

	@Bean
	InstantSource instantSource() {
		return Clock.systemUTC();
	}

	@Bean
	Node node(@Value("${keymux.node-name:}") String name) {
		String host = name.isBlank() ? hostName() : name.strip();
		return new Node("%s-%06x".formatted(host, ThreadLocalRandom.current().nextInt(1 << 24)));
	}

	private static String hostName() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "node";
		}
	}

	/** Chance for choices, safe for any thread; secrets are drawn elsewhere. */
	@Bean
	RandomGenerator randomGenerator() {
		return () -> ThreadLocalRandom.current().nextLong();
	}

}
