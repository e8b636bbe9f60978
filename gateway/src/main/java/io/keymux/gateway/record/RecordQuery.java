package io.keymux.gateway.record;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Which records are asked for; what is null does not matter.
 *
 * @param from earliest time of arrival
 * @param to time of arrival they are before
 * @param group group that was asked
 * @param accessKey name of the caller's access key
 * @param model {@link RequestRecord#model()}
 * @param providerKey identity of the provider key of the last attempt
 * @param status status of the answer; 4 and 5 stand for all of 4xx and 5xx
 * @param outcome outcome
 * @param stream whether a stream was asked for or answered
 * @param traceId W3C trace id
 * @param error text that the error contains, in any case
 */
public record RecordQuery(@Nullable Instant from, @Nullable Instant to, @Nullable String group,
		@Nullable String accessKey, @Nullable String model, @Nullable Long providerKey, @Nullable Integer status,
		@Nullable RecordOutcome outcome, @Nullable Boolean stream, @Nullable String traceId, @Nullable String error) {
}
