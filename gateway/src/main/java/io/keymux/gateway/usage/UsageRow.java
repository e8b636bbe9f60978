package io.keymux.gateway.usage;

import java.math.BigDecimal;
import java.time.Instant;

import io.keymux.gateway.token.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * What some requests used; what they were not told apart by, or had none of, is null.
 *
 * @param from begin of the span they arrived in
 * @param to its end
 * @param group group that was asked
 * @param model model as it was sent
 * @param caller name of the access key
 * @param providerKeyId identity of the provider key of the last attempt
 * @param providerKey that key, masked
 * @param requests how many they were
 * @param errors how many of them failed
 * @param unpricedRequests how many of them used tokens of which no price was known
 * @param tokens tokens
 * @param cost cost in US dollars of those with a price
 * @param p50Ms milliseconds until the end that half of them did not exceed, or null
 * @param p95Ms the same of 95 in 100
 * @param p99Ms the same of 99 in 100
 * @param firstChunkP50Ms milliseconds until the first bytes of the answer that half did
 * not exceed, or null
 */
public record UsageRow(Instant from, Instant to, @Nullable String group, @Nullable String model,
		@Nullable String caller, @Nullable Long providerKeyId, @Nullable String providerKey, long requests, long errors,
		long unpricedRequests, TokenUsage tokens, BigDecimal cost, @Nullable Long p50Ms, @Nullable Long p95Ms,
		@Nullable Long p99Ms, @Nullable Long firstChunkP50Ms) {
}
