/** The settings an operator may change, and how their tiers resolve. */
@NullMarked
@ApplicationModule(allowedDependencies = { "cluster", "crypto", "audit", "problem" })
package io.keymux.gateway.setting;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
