package io.keymux.gateway.audit;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Which audit entries to read, the newest first.
 *
 * @param after only entries older than this id, or null to begin with the newest
 * @param actor only of this actor, or null
 * @param action only this action, or all that begin with it if it ends with {@code *}, or
 * null
 * @param target only of this target, or null
 * @param from only from this moment on, or null
 * @param to only before this moment, or null
 */
public record AuditQuery(@Nullable Long after, @Nullable String actor, @Nullable String action, @Nullable String target,
		@Nullable Instant from, @Nullable Instant to) {

	/** The same query further down. */
	AuditQuery after(long id) {
		return new AuditQuery(id, this.actor, this.action, this.target, this.from, this.to);
	}

}
