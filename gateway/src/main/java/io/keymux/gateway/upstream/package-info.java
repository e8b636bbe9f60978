/** Upstreams of a group: selection, outlier detection and HTTP clients. */
@NullMarked
@ApplicationModule(allowedDependencies = { "provider", "setting" })
package io.keymux.gateway.upstream;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
