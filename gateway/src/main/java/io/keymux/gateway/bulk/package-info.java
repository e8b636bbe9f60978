/** Long jobs over many provider keys of a group: import, delete, restore, probe. */
@NullMarked
@ApplicationModule(allowedDependencies = { "crypto", "cluster", "provider", "setting", "group", "key", "audit", "task",
		"problem" })
package io.keymux.gateway.bulk;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
