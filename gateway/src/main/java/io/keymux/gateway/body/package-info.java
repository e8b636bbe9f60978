/**
 * Reads and edits request and response bodies in place: bytes that no edit names stay.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.keymux.gateway.body;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
