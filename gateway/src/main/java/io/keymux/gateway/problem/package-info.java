/**
 * Why the control plane refuses a write, or a start, in words an operator can act on.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.keymux.gateway.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
