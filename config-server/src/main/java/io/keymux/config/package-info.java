/** Serves the settings that all nodes of a cluster share. */
@NullMarked
package io.keymux.config;

import org.jspecify.annotations.NullMarked;
