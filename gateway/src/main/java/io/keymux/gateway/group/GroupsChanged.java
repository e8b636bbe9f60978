package io.keymux.gateway.group;

import io.keymux.gateway.cluster.ChangeNotice;

/** Change notice: a group was added, changed or deleted, and the change is committed. */
public record GroupsChanged() implements ChangeNotice {
}
