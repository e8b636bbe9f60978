/** How someone who may manage stays logged in: a signed cookie that every node reads. */
@NullMarked
@ApplicationModule(allowedDependencies = { "crypto", "cluster", "audit", "admin", "access" })
package io.keymux.gateway.session;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
