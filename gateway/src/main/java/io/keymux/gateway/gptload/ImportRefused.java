package io.keymux.gateway.gptload;

/**
 * Why nothing was moved, in words an operator can act on; never a password or a key.
 */
final class ImportRefused extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String message;

	ImportRefused(String message) {
		super(message);
		this.message = message;
	}

	@Override
	public String getMessage() {
		return this.message;
	}

}
