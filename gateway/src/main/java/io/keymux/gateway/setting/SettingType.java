package io.keymux.gateway.setting;

import java.util.function.Function;

/**
 * What the values of a setting are.
 *
 * @param name such as {@code duration}
 * @param unit how the unit of a value is written, or nothing for values without one
 * @param bounds the values that are accepted, in words
 * @param parser reads a value; its errors name value and bounds
 */
record SettingType(String name, String unit, String bounds, Function<String, ?> parser) {

	/** The same type, and a value that stands for none. */
	SettingType orEmpty() {
		return new SettingType(this.name + " or empty", this.unit, this.bounds, SettingParser.optional(this.parser));
	}

}
