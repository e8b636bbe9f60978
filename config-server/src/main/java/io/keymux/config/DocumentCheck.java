package io.keymux.config;

/** What a served document has to look like: the settings are a flat map of scalars. */
final class DocumentCheck {

	private static final String SETTINGS = "keymux.settings";

	// What Spring makes of a YAML file that is no map.
	private static final String NO_MAP = "document";

	private DocumentCheck() {
	}

	static void check(String name, Object value, boolean row, String place) {
		if (name.equals(NO_MAP) || name.startsWith(NO_MAP + "[")) {
			throw DocumentRefused.invalid(place + " belongs to no map (expected: names with values)");
		}
		if (name.equals(SettingRows.REVISION) && !row) {
			throw DocumentRefused.invalid(place + " is set by the gateways alone");
		}
		if ((name.equals(SETTINGS) && !value.toString().isEmpty()) || name.startsWith(SETTINGS + "[")) {
			throw DocumentRefused.invalid(place + " is no map (expected: names of settings with values)");
		}
		if (name.startsWith(SETTINGS + ".") && isNested(name.substring(SETTINGS.length() + 1))) {
			throw DocumentRefused.invalid(place + " is nested (expected: a setting with one value)");
		}
	}

	private static boolean isNested(String setting) {
		return setting.isEmpty() || setting.indexOf('.') >= 0 || setting.indexOf('[') >= 0;
	}

}
