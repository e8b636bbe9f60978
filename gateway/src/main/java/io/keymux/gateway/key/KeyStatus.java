package io.keymux.gateway.key;

import java.time.Instant;

/**
 * What the pool knows of a key's health; a disabled key is no state but an operator's
 * wish.
 */
public sealed interface KeyStatus {

	/** The key takes turns. */
	record Active() implements KeyStatus {
	}

	/**
	 * The key rests after a throttle and returns by itself.
	 *
	 * @param until end of the rest
	 */
	record Cooling(Instant until) implements KeyStatus {
	}

	/**
	 * The key is taken out until a probe or a person restores it.
	 *
	 * @param nextProbe when it is probed next
	 * @param probes failed probes since it was ejected
	 */
	record Ejected(Instant nextProbe, int probes) implements KeyStatus {
	}

}
