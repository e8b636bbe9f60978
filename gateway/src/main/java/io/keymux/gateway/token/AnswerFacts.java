package io.keymux.gateway.token;

import org.jspecify.annotations.Nullable;

/**
 * What an answer told of itself.
 *
 * @param usage token usage, or null if it told none
 * @param partial whether the output is not in that usage, because the answer ended before
 * it was told
 * @param model model it names, or null
 * @param error code or type of the error it tells, or null
 * @param errorMessage text of that error, or null
 * @param sample the beginning of the body, for an estimate
 * @param length bytes of the whole body, unpacked
 * @param events whether it came as Server-Sent Events
 */
public record AnswerFacts(@Nullable TokenUsage usage, boolean partial, @Nullable String model, @Nullable String error,
		@Nullable String errorMessage, byte[] sample, long length, boolean events) {
}
