package io.keymux.gateway.problem;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a document, so that all of it is told at once. */
public final class FieldErrors {

	private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

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
	 * Notes an error unless a time is one that every database can hold.
	 * @param field path of the field
	 * @param time the time, or null for none
	 */
	public void checkTime(String field, @Nullable Instant time) {
		check(time == null || (!time.isBefore(Instant.EPOCH) && time.isBefore(END)), field,
				"'%s' (expected: a time from 1970 to 9999)".formatted(time));
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
