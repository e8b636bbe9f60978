/** The command line: work on what is stored, without a server. */
@NullMarked
@ApplicationModule(
		allowedDependencies = { "crypto", "encryption", "document", "audit", "problem", "setting", "gptload" })
package io.keymux.gateway.command;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
