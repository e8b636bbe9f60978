package io.keymux.gateway.upstream;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How an upstream is at a moment.
 *
 * @param url its base URL
 * @param weight share among the group's upstreams
 * @param failures consecutive failures
 * @param ejectedUntil when it is tried again, or null if it serves
 */
public record UpstreamHealth(String url, int weight, int failures, @Nullable Instant ejectedUntil) {
}
