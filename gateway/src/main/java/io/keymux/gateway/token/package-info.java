/**
 * Tokens: read from answers as they pass, and estimated where no answer tells them.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "provider" })
package io.keymux.gateway.token;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
