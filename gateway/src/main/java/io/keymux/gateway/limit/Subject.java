package io.keymux.gateway.limit;

/**
 * Whom a limit is for.
 *
 * @param kind what it is
 * @param id identity, unique among its kind
 * @param name what people call it
 */
public record Subject(Kind kind, String id, String name) {

	/**
	 * A caller.
	 * @param id identity of its access key
	 * @param name name of its access key
	 * @return the subject
	 */
	public static Subject accessKey(long id, String name) {
		return new Subject(Kind.ACCESS_KEY, Long.toString(id), name);
	}

	/**
	 * A provider key.
	 * @param id its identity
	 * @param masked what people may see of it
	 * @return the subject
	 */
	public static Subject providerKey(long id, String masked) {
		return new Subject(Kind.PROVIDER_KEY, Long.toString(id), masked);
	}

	/** What limits can be for. */
	public enum Kind {

		/** A caller, by its access key. */
		ACCESS_KEY("access-key"),

		/** A group. */
		GROUP("group"),

		/** A model in a group. */
		MODEL("model"),

		/** A provider key. */
		PROVIDER_KEY("provider-key");

		private final String key;

		Kind(String key) {
			this.key = key;
		}

		/** Its word in metrics and messages. */
		public String key() {
			return this.key;
		}

	}

	String key() {
		return this.kind.key() + ":" + this.id;
	}

}
