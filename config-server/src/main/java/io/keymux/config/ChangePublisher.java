package io.keymux.config;

/** Tells all gateways that their document changed. */
interface ChangePublisher {

	/** Returns only when the word is out; else throws. */
	void publish();

}
