package io.keymux.gateway.setting;

/** A setting read at start that stops the start. */
public class InvalidSettingException extends RuntimeException {

	InvalidSettingException(String key, String problem) {
		super("Setting '%s' (keymux.settings.%s, KEYMUX_SETTING_%s): %s".formatted(key, key,
				key.toUpperCase(java.util.Locale.ROOT).replace('-', '_'), problem));
	}

}
