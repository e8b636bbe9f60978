package io.keymux.gateway.session;

import java.time.Instant;

import io.keymux.gateway.cluster.ChangeNotice;

/**
 * Change notice: someone has logged out.
 *
 * @param id id of the session that is over
 * @param expiresAt when its cookie expires
 */
public record SessionEnded(String id, Instant expiresAt) implements ChangeNotice {
}
