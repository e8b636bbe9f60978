/** The control plane: the management API. */
@NullMarked
@ApplicationModule(allowedDependencies = { "crypto", "cluster", "provider", "setting", "upstream", "group", "access",
		"admin", "session", "oidc", "key", "limit", "problem", "audit", "task", "bulk", "document", "encryption",
		"token", "record", "price", "usage" })
package io.keymux.gateway.management;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
