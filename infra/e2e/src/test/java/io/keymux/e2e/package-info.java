/** The composed system from outside: processes, ports and browsers. */
@NullMarked
package io.keymux.e2e;

import org.jspecify.annotations.NullMarked;
