package io.keymux.gateway.problem;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a document, so that all of it is told at once. */
public final class FieldErrors {

	private final List<FieldError> errors = new ArrayList<>();

	/**
	 * Notes an error.
	 * @param field path of the field
	 * @param message the offending value and the rule
	 */
	public void add(String field, String message) {
		this.errors.add(new FieldError(field, message));
	}

	/**
	 * Notes an error unless a condition holds.
	 * @param holds whether the field keeps the rule
	 * @param field path of the field
	 * @param message the offending value and the rule
	 */
	public void check(boolean holds, String field, String message) {
		if (!holds) {
			add(field, message);
		}
	}

	/**
	 * Refuses the document if anything was noted.
	 * @throws Problem.Invalid with all errors
	 */
	public void throwIfAny() {
		if (!this.errors.isEmpty()) {
			throw new Problem.Invalid(this.errors);
		}
	}

}
