/** How much is let through: rate limits, concurrency limits and quotas. */
@NullMarked
@ApplicationModule(allowedDependencies = { "cluster", "problem", "setting" })
package io.keymux.gateway.limit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
