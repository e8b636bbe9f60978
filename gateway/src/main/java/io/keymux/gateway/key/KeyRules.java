package io.keymux.gateway.key;

import java.time.Duration;

import io.keymux.gateway.setting.EffectiveSettings;

/**
 * How a pool treats keys that fail.
 *
 * @param ejectionThreshold consecutive rejections until ejection, 0 = never
 * @param cooldown rest of a throttled key when the provider names no time
 * @param probeInterval first wait until an ejected key is probed
 */
record KeyRules(int ejectionThreshold, Duration cooldown, Duration probeInterval) {

	static KeyRules of(EffectiveSettings settings) {
		return new KeyRules(settings.ejectionThreshold(), settings.cooldown(), settings.probeInterval());
	}

	boolean ejects(int failures) {
		return this.ejectionThreshold > 0 && failures >= this.ejectionThreshold;
	}

}
