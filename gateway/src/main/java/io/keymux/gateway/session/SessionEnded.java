package io.keymux.gateway.session;

import io.keymux.gateway.cluster.ChangeNotice;
import java.time.Instant;

/**
 * Change notice: someone has logged out.
 *
 * @param id id of the session that is over
 * @param expiresAt when its cookie expires
 */
public record SessionEnded(String id, Instant expiresAt) implements ChangeNotice {
}
