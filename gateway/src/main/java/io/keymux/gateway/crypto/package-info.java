/** Keyed hashes and encryption of secrets at rest. */
@NullMarked
@ApplicationModule(allowedDependencies = "problem")
package io.keymux.gateway.crypto;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
