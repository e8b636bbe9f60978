package io.keymux.gateway.management;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The management API on a real MariaDB server. */
class MariaDbManagementApiTests extends ManagementApiContract {

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		String url = MariaDb.url("contract");
		registry.add("spring.datasource.url", () -> url);
		registry.add("spring.datasource.username", () -> "root");
	}

}
