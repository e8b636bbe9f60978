/** Callers, where they come from, and their access keys. */
@NullMarked
@ApplicationModule(allowedDependencies = { "provider", "crypto", "group", "cluster", "limit", "problem", "audit" })
package io.keymux.gateway.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
