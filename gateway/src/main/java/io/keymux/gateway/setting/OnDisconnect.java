package io.keymux.gateway.setting;

/** What follows at the upstream when a caller leaves amid an answer. */
public enum OnDisconnect {

	/** The answer is ended, so that the provider stops working on it. */
	CANCEL,

	/** The answer is read to its end, so that its token usage is known exactly. */
	DRAIN

}
