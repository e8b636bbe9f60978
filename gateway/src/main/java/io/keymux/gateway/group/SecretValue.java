package io.keymux.gateway.group;

/** A secret value of a header rule, on its way into the database or out of it. */
public sealed interface SecretValue {

	/**
	 * As it is stored: only the group it belongs to opens it.
	 *
	 * @param text sealed text
	 */
	record Sealed(String text) implements SecretValue {

		@Override
		public String toString() {
			return "Sealed";
		}

	}

	/**
	 * As an operator has just written it, or as it is used.
	 *
	 * @param text the secret
	 */
	record Entered(String text) implements SecretValue {

		@Override
		public String toString() {
			return "Entered";
		}

	}

	/** Not written: what is stored stays. */
	record Kept() implements SecretValue {
	}

}
