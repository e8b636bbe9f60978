package io.keymux.config;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What one look at the gateways' document found.
 *
 * @param fingerprint stands for its content; null: the document is refused
 * @param refusal why it is refused
 * @param failed backends that could not be read
 */
record Reading(@Nullable String fingerprint, @Nullable String refusal, Set<String> failed) {

	static Reading of(String fingerprint) {
		return new Reading(fingerprint, null, Set.of());
	}

	static Reading refused(String refusal, Set<String> failed) {
		return new Reading(null, refusal, failed);
	}

}
