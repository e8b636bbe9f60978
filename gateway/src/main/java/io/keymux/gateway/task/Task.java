package io.keymux.gateway.task;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A long job as an operator sees it.
 *
 * @param id identity
 * @param kind what it does, such as {@code key-import}
 * @param target what it does it to, such as the name of a group
 * @param state where it stands
 * @param done steps that are done
 * @param total steps there are, or null while nobody knows
 * @param result what has come of it so far, or null
 * @param error why it failed, or null
 * @param startedBy who started it
 * @param node node that runs it, or ran it
 * @param repeatOf task it repeats, or null
 * @param createdAt when it was started
 * @param finishedAt when it ended, or null while it runs
 */
public record Task(long id, String kind, String target, TaskState state, long done, @Nullable Long total,
		@Nullable JsonNode result, @Nullable String error, String startedBy, String node, @Nullable Long repeatOf,
		Instant createdAt, @Nullable Instant finishedAt) {
}
