package io.keymux.gateway.problem;

/** Something an operator must put right before the node can start. */
public class StartFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String action;

	/**
	 * Stops the start.
	 * @param description what is wrong, with the offending value unless it is a secret
	 * @param action what to do about it
	 */
	public StartFailure(String description, String action) {
		super(description);
		this.action = action;
	}

	/**
	 * What to do about it.
	 * @return one sentence
	 */
	public String action() {
		return this.action;
	}

}
