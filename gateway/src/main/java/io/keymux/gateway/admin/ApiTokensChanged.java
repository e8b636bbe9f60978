package io.keymux.gateway.admin;

import io.keymux.gateway.cluster.ChangeNotice;

/**
 * Change notice: API tokens were added, changed or deleted, and the change is committed.
 */
public record ApiTokensChanged() implements ChangeNotice {
}
