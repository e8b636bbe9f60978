package io.keymux.gateway.admin;

/**
 * Change notice: API tokens were added, changed or deleted, and the change is committed.
 */
public record ApiTokensChanged() {
}
