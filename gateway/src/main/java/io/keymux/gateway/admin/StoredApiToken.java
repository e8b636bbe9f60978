package io.keymux.gateway.admin;

import java.time.Instant;

/**
 * An API token as stored.
 *
 * @param token the token
 * @param version number that grows with each change of it
 * @param createdAt when it was added
 */
public record StoredApiToken(ApiToken token, long version, Instant createdAt) {
}
