package io.keymux.gateway.key;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Health of a key and wish of its operator in one word. */
public enum KeyCondition {

	/** Takes turns. */
	@JsonProperty("active")
	ACTIVE,

	/** Rests after a throttle. */
	@JsonProperty("cooling")
	COOLING,

	/** Taken out after rejections. */
	@JsonProperty("ejected")
	EJECTED,

	/** Taken out by an operator. */
	@JsonProperty("disabled")
	DISABLED;

	/**
	 * The word for a key.
	 * @param enabled whether an operator lets it take turns
	 * @param status its health
	 * @param now the present: a rest that is over counts no more
	 * @return the word
	 */
	public static KeyCondition of(boolean enabled, KeyStatus status, Instant now) {
		if (!enabled) {
			return DISABLED;
		}
		return switch (status) {
			case KeyStatus.Active _ -> ACTIVE;
			case KeyStatus.Cooling(Instant until) -> now.isBefore(until) ? COOLING : ACTIVE;
			case KeyStatus.Ejected _ -> EJECTED;
		};
	}

}
