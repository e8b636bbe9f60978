package io.keymux.gateway.record;

import org.jspecify.annotations.Nullable;

/**
 * One attempt of a request.
 *
 * @param number 1 for the first
 * @param member group that served it, if an aggregate was asked, or null
 * @param providerKeyId identity of the provider key
 * @param providerKey the provider key, masked
 * @param upstream base URL
 * @param status status of the answer, or null if there was none
 * @param outcome how it turned out
 * @param startMs start, in milliseconds after the request's arrival
 * @param headMs arrival of the answer's head, in milliseconds after the request's, or
 * null if there was none
 * @param error why it failed, redacted, or null
 */
public record AttemptRecord(int number, @Nullable String member, long providerKeyId, String providerKey,
		String upstream, @Nullable Integer status, RecordOutcome outcome, long startMs, @Nullable Long headMs,
		@Nullable String error) {
}
