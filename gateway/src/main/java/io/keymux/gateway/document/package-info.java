/**
 * What operators write and read as JSON or YAML: groups, access keys, and the whole
 * configuration.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "crypto", "cluster", "setting", "group", "access", "key", "price", "audit",
		"limit", "problem" })
package io.keymux.gateway.document;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
