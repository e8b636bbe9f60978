package io.keymux.gateway.setting;

import io.keymux.gateway.cluster.ChangeNotice;

/**
 * Change notice: system settings were written.
 *
 * @param revision revision they have from now on
 */
public record SettingsChanged(long revision) implements ChangeNotice {
}
