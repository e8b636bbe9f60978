/** Shows all programs of a cluster in Spring Boot Admin. */
@NullMarked
package io.keymux.admin;

import org.jspecify.annotations.NullMarked;
