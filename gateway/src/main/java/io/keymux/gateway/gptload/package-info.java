/** Reads a database of gpt-load 1.4 and makes a configuration document of it. */
@NullMarked
@ApplicationModule(allowedDependencies = { "problem", "setting" })
package io.keymux.gateway.gptload;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
