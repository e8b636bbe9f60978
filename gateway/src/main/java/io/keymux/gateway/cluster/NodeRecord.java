package io.keymux.gateway.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a node last told of itself.
 *
 * @param id the node
 * @param version version of the program
 * @param startedAt when it started
 * @param seenAt when it told so
 * @param revisions revisions that are in its memory, by name
 * @param settings fingerprint of the system settings in force on it
 * @param warnings what is wrong with it
 */
public record NodeRecord(String id, String version, Instant startedAt, Instant seenAt, Map<String, Long> revisions,
		String settings, List<String> warnings) {
}
