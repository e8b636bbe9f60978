package io.keymux.gateway.problem;

/**
 * One thing wrong with one field of a document.
 *
 * @param field path of the field, such as {@code upstreams[0].url}
 * @param message the offending value and the rule
 */
public record FieldError(String field, String message) {

	/**
	 * The same error seen from an enclosing document.
	 * @param prefix path of the part this error was found in
	 * @return the error with the longer path
	 */
	public FieldError within(String prefix) {
		return new FieldError(this.field.isEmpty() ? prefix : prefix + "." + this.field, this.message);
	}

}
