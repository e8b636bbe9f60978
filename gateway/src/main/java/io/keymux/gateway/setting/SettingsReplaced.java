package io.keymux.gateway.setting;

/**
 * News that other system settings are in force on this node.
 *
 * @param revision revision of the stored ones
 */
public record SettingsReplaced(long revision) {
}
