package io.keymux.gateway.bulk;

/** What a job does to keys. */
public enum KeyAction {

	/** Lets them take turns. */
	ENABLE("key-enable"),

	/** Takes them out. */
	DISABLE("key-disable"),

	/** Deletes them. */
	DELETE("key-delete"),

	/** Forgets what spoke against them. */
	RESTORE("key-restore"),

	/** Asks the provider whether they work. */
	PROBE("key-probe");

	private final String kind;

	KeyAction(String kind) {
		this.kind = kind;
	}

	String kind() {
		return this.kind;
	}

}
