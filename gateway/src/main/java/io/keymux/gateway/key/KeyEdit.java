package io.keymux.gateway.key;

import org.jspecify.annotations.Nullable;

/**
 * What an operator may change of a provider key.
 *
 * @param enabled whether it may take turns
 * @param weight share among the group's keys, at least 1
 * @param note what to remember about it, or null
 */
public record KeyEdit(boolean enabled, int weight, @Nullable String note) {
}
