/** The data plane: the filters a request passes, in order. */
@NullMarked
@ApplicationModule(allowedDependencies = { "body", "crypto", "cluster", "provider", "setting", "upstream", "group",
		"access", "key", "limit", "price", "token", "record", "recording" })
package io.keymux.gateway.proxy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
