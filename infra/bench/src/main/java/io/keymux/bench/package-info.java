/** What stands around the gateway while its cost is measured. */
@NullMarked
package io.keymux.bench;

import org.jspecify.annotations.NullMarked;
