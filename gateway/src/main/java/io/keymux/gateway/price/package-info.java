/**
 * What tokens cost: a dated price table, shipped and editable.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "problem", "audit", "cluster", "token", "provider" })
package io.keymux.gateway.price;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
