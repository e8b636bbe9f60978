package io.keymux.gateway.setting;

/** Where the system settings come from. */
interface SystemTierSource {

	/**
	 * Reads the system settings anew. Blocks.
	 * @return the settings as they are now
	 * @throws SettingsUnavailable if they cannot be had now
	 */
	SystemTier read();

}
