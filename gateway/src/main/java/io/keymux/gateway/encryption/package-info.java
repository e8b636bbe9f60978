/** How the stored secrets are encrypted, and the change of the key that does it. */
@NullMarked
@ApplicationModule(allowedDependencies = { "crypto", "audit", "task", "problem" })
package io.keymux.gateway.encryption;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
