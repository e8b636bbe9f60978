package io.keymux.gateway.setting;

/** The system settings cannot be read now. */
class SettingsUnavailable extends RuntimeException {

	private static final long serialVersionUID = 1L;

	SettingsUnavailable(String message) {
		super(message);
	}

}
