/**
 * Who may manage: the admin key, named API tokens, their roles, and what slows guessing.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "crypto", "cluster", "problem", "audit" })
package io.keymux.gateway.admin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
