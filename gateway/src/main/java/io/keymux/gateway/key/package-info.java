/** Provider keys: pool, lease and settle, cooldown, ejection, probe. */
@NullMarked
@ApplicationModule(allowedDependencies = { "crypto", "cluster", "provider", "setting", "upstream", "group", "problem",
		"task", "audit" })
package io.keymux.gateway.key;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
