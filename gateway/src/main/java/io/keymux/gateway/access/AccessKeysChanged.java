package io.keymux.gateway.access;

import io.keymux.gateway.cluster.ChangeNotice;

/**
 * Change notice: access keys were added, changed or deleted, and the change is committed.
 */
public record AccessKeysChanged() implements ChangeNotice {
}
