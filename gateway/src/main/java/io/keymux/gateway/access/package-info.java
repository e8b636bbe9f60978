/** Callers and their access keys, and who may manage. */
@NullMarked
@ApplicationModule(allowedDependencies = { "provider", "crypto", "group", "cluster", "problem", "audit" })
package io.keymux.gateway.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
