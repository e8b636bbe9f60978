/** What was used: roll-ups of request records by minute, hour and day. */
@NullMarked
@ApplicationModule(allowedDependencies = { "limit", "record", "token", "price", "cluster", "setting", "problem" })
package io.keymux.gateway.usage;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
