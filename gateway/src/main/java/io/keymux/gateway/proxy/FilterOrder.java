package io.keymux.gateway.proxy;

/**
 * The order in which a request passes the filters, each with the reason it stands there.
 */
final class FilterOrder {

	/** Outermost: whatever is refused further in is rendered here. */
	static final int RECORD = 100;

	/** Before the group is looked up, so that strangers learn nothing about groups. */
	static final int ACCESS = 200;

	/** Needs the caller, and decides the dialect of everything that follows. */
	static final int GROUP = 300;

	/** Before the body is read, so that a saturated node holds no bodies. */
	static final int LIMIT = 400;

	/** Reads the body where it has to be held. */
	static final int BODY = 500;

	/** Needs the body: finds the model and changes what rules name. */
	static final int REWRITE = 600;

	/** Needs the model, and decides before anything is sent. */
	static final int CALLER_LIMIT = 650;

	/** Innermost: sends, settles, tries again and relays. */
	static final int ATTEMPT = 700;

	private FilterOrder() {
	}

}
