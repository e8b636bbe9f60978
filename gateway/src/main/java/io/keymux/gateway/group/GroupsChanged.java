package io.keymux.gateway.group;

/** Change notice: a group was added, changed or deleted, and the change is committed. */
public record GroupsChanged() {
}
