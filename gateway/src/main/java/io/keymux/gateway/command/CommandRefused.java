package io.keymux.gateway.command;

/** Why a command does not do what it is asked for, and what to do about it. */
final class CommandRefused extends RuntimeException {

	private static final long serialVersionUID = 1L;

	CommandRefused(String message) {
		super(message, null, false, false);
	}

}
