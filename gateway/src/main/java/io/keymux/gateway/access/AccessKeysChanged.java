package io.keymux.gateway.access;

/**
 * Change notice: access keys were added, changed or deleted, and the change is committed.
 */
public record AccessKeysChanged() {
}
