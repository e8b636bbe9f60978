package io.keymux.gateway.access;

/**
 * An access key as stored.
 *
 * @param key the access key
 * @param version number that grows with each change of it
 */
public record StoredAccessKey(AccessKey key, long version) {
}
