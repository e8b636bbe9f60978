package io.keymux.gateway.record;

/** How an answer ended. */
public enum RequestEnd {

	/** Whole. */
	COMPLETE,

	/** The caller left. */
	CANCELLED,

	/** The upstream broke off. */
	CUT,

	/** A time-out of the gateway ended it. */
	TIMEOUT

}
