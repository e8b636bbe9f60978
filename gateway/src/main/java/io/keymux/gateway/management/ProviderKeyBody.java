package io.keymux.gateway.management;

import java.time.Instant;

import io.keymux.gateway.key.KeyCondition;
import io.keymux.gateway.key.KeyState;
import io.keymux.gateway.key.KeyStatus;
import io.keymux.gateway.key.ProviderKey;
import org.jspecify.annotations.Nullable;

/** A provider key as the API shows it. */
record ProviderKeyBody(long id, String masked, KeyCondition status, @Nullable Instant until, int weight,
		@Nullable String note, int failures, @Nullable String lastError, @Nullable Instant lastErrorAt,
		@Nullable Instant lastUsedAt, long requests) {

	static ProviderKeyBody of(ProviderKey key, Instant now) {
		KeyState state = key.state();
		KeyCondition condition = KeyCondition.of(key.enabled(), state.status(), now);
		return new ProviderKeyBody(key.id(), key.masked(), condition, until(condition, state.status()), key.weight(),
				key.note(), state.failures(), state.lastError(), state.lastErrorAt(), state.lastUsedAt(),
				state.requests());
	}

	/** When a rest ends, or when an ejected key is probed next. */
	private static @Nullable Instant until(KeyCondition condition, KeyStatus status) {
		return switch (status) {
			case KeyStatus.Cooling(Instant until) when condition == KeyCondition.COOLING -> until;
			case KeyStatus.Ejected(Instant nextProbe, int _) when condition == KeyCondition.EJECTED -> nextProbe;
			default -> null;
		};
	}

}
