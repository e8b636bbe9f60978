/**
 * What each provider speaks, as pure functions: key placement, models, outcomes, errors.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.keymux.gateway.provider;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
