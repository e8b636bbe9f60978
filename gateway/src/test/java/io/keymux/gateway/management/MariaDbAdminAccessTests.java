package io.keymux.gateway.management;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Access to the management API on a real MariaDB server. */
class MariaDbAdminAccessTests extends AdminAccessContract {

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		String url = MariaDb.url("admin_access");
		registry.add("spring.datasource.url", () -> url);
		registry.add("spring.datasource.username", () -> "root");
	}

}
