/** Who changed what, when, from where; written with the change, never altered. */
@NullMarked
@ApplicationModule(allowedDependencies = "problem")
package io.keymux.gateway.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
