package io.keymux.gateway.audit;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One change that was made, secrets masked.
 *
 * @param id number that grows with time
 * @param at when
 * @param actor who, and from where
 * @param action what was done, such as {@code group.update}
 * @param target what it was done to, such as {@code openai}
 * @param before the target before, or null if it did not exist
 * @param after the target after, or null if it exists no more
 */
public record AuditEntry(long id, Instant at, Actor actor, String action, String target, @Nullable JsonNode before,
		@Nullable JsonNode after) {
}
