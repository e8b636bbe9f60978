package io.keymux.gateway.management;

import io.keymux.gateway.testkit.TestTime;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A node whose time a test moves. */
@TestConfiguration(proxyBeanMethods = false)
class TestClock {

	@Bean
	@Primary
	TestTime testTime() {
		return new TestTime();
	}

}
