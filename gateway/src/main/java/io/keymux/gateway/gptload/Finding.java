package io.keymux.gateway.gptload;

/**
 * Something that does not arrive in Keymux as it was in gpt-load; never a secret.
 *
 * @param kind what became of it
 * @param where where it was found, such as {@code group 'team', upstream 2}
 * @param what what it is, or what it became
 * @param why why, and what to do about it
 */
record Finding(Kind kind, String where, String what, String why) {

	@Override
	public String toString() {
		return "%s: %s: %s".formatted(this.where, this.what, this.why);
	}

	/** What became of a thing. */
	enum Kind {

		/** Moved, but not as it was. */
		CHANGED,

		/** Not moved. */
		LEFT

	}

}
