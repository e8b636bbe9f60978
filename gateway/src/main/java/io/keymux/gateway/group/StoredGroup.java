package io.keymux.gateway.group;

/**
 * A group as stored.
 *
 * @param group the group
 * @param version number that grows with each change of it
 */
public record StoredGroup(Group group, long version) {
}
