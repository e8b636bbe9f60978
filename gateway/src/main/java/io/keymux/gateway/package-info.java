/** The Keymux gateway: data plane, management API and console of one node. */
@NullMarked
package io.keymux.gateway;

import org.jspecify.annotations.NullMarked;
