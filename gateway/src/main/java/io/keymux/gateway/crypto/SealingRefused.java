package io.keymux.gateway.crypto;

import io.keymux.gateway.problem.Problem;

/**
 * This node must store no secret: others could not read it, or it would be in plain text
 * beside encrypted ones.
 */
public class SealingRefused extends Problem.Conflict {

	private static final long serialVersionUID = 1L;

	SealingRefused(String reason) {
		super("No secret can be stored: " + reason);
	}

}
