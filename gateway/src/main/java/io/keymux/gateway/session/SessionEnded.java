package io.keymux.gateway.session;

/**
 * Change notice: someone has logged out.
 *
 * @param id id of the session that is over
 */
public record SessionEnded(String id) {
}
