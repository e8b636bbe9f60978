package io.keymux.gateway.provider;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * An answer the gateway gives itself instead of a provider's.
 *
 * @param status HTTP status
 * @param code code as API.md names it
 * @param message what happened and what to do
 * @param retryAfter when to come back, or null
 */
public record Refusal(int status, String code, String message, @Nullable Duration retryAfter) {
}
