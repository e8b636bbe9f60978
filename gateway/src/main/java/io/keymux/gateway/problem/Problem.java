package io.keymux.gateway.problem;

import java.util.List;

/** A refusal whose message may be shown to whoever asked. */
public abstract sealed class Problem extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private Problem(String message) {
		super(message);
	}

	/** What was asked for breaks a rule. */
	public static final class Invalid extends Problem {

		private static final long serialVersionUID = 1L;

		private final transient List<FieldError> errors;

		/**
		 * Refuses because of some fields.
		 * @param errors what is wrong, at least one
		 */
		public Invalid(List<FieldError> errors) {
			super(summary(errors));
			this.errors = List.copyOf(errors);
		}

		/**
		 * Refuses because of one field.
		 * @param field path of the field, such as {@code upstreams[0].url}
		 * @param message the offending value and the rule
		 */
		public Invalid(String field, String message) {
			this(List.of(new FieldError(field, message)));
		}

		public List<FieldError> errors() {
			return this.errors;
		}

		private static String summary(List<FieldError> errors) {
			FieldError first = errors.getFirst();
			String more = (errors.size() > 1) ? " (and %d more)".formatted(errors.size() - 1) : "";
			return first.field() + ": " + first.message() + more;
		}

	}

	/** What was asked for contradicts what is stored. */
	public static non-sealed class Conflict extends Problem {

		private static final long serialVersionUID = 1L;

		/**
		 * Refuses because of the present state.
		 * @param message what stands in the way
		 */
		public Conflict(String message) {
			super(message);
		}

	}

	/** What was asked for does not exist. */
	public static final class NotFound extends Problem {

		private static final long serialVersionUID = 1L;

		/**
		 * Refuses because something is missing.
		 * @param message what is missing
		 */
		public NotFound(String message) {
			super(message);
		}

	}

}
