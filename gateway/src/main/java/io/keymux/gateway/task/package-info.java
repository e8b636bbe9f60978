/** Long jobs that run in the background, with progress, cancel and repeat. */
@NullMarked
@ApplicationModule(allowedDependencies = { "audit", "cluster", "problem" })
package io.keymux.gateway.task;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
