package io.keymux.gateway.management;

import org.springframework.test.context.TestPropertySource;

/** Access to the management API on the embedded database. */
@TestPropertySource(properties = "spring.datasource.url=jdbc:h2:mem:admin-access;MODE=MySQL;DATABASE_TO_LOWER=TRUE;"
		+ "CASE_INSENSITIVE_IDENTIFIERS=TRUE;LOCK_TIMEOUT=10000;DB_CLOSE_DELAY=-1")
class H2AdminAccessTests extends AdminAccessContract {

}
