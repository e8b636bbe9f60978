package io.keymux.gateway.cluster;

/** Tells equal system settings from others, on whichever node. */
@FunctionalInterface
public interface SettingsFingerprint {

	/**
	 * The fingerprint of the settings in force.
	 * @return equal for equal values
	 */
	String settingsFingerprint();

}
