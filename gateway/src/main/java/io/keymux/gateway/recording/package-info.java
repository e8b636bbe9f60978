/** Follows a request while it runs, and makes its record when it has ended. */
@NullMarked
@ApplicationModule(allowedDependencies = { "provider", "token", "record", "setting", "group", "key" })
package io.keymux.gateway.recording;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
