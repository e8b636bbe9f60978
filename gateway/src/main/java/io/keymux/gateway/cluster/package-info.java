/** This node among others: identity, time, change notices. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.keymux.gateway.cluster;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
