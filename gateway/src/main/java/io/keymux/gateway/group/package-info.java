/** Groups, aggregate groups and the snapshot the data plane reads. */
@NullMarked
@ApplicationModule(allowedDependencies = { "body", "provider", "upstream", "setting", "cluster", "crypto", "limit",
		"problem", "audit" })
package io.keymux.gateway.group;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
