/**
 * Request records: one for each request, written off the hot path and kept for a while.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "problem", "cluster", "crypto", "provider", "setting", "token", "price" })
package io.keymux.gateway.record;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
