/** Logging in through an OpenID provider; without its properties nothing of it exists. */
@NullMarked
@ApplicationModule(allowedDependencies = { "crypto", "problem", "audit", "access", "admin", "session" })
package io.keymux.gateway.oidc;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
