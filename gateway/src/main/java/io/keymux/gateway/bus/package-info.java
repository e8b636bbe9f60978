/** Carries change notices between nodes by Spring Cloud Bus. */
@NullMarked
@ApplicationModule(allowedDependencies = "cluster")
package io.keymux.gateway.bus;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
