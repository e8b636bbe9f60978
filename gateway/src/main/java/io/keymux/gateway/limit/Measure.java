package io.keymux.gateway.limit;

/** What is limited. */
public enum Measure {

	/** Requests in a minute. */
	REQUESTS("requests-per-minute"),

	/** Tokens in a minute. */
	TOKENS("tokens-per-minute"),

	/** Requests at once. */
	CONCURRENCY("concurrency"),

	/** Tokens in a period. */
	TOKEN_QUOTA("token-quota"),

	/** Cost in a period. */
	COST_QUOTA("cost-quota");

	private final String key;

	Measure(String key) {
		this.key = key;
	}

	/** Its word in metrics and messages. */
	public String key() {
		return this.key;
	}

	/** Whether it is counted from the first request of a minute on. */
	boolean perMinute() {
		return this == REQUESTS || this == TOKENS;
	}

	/** Whether it is counted in calendar periods. */
	public boolean quota() {
		return this == TOKEN_QUOTA || this == COST_QUOTA;
	}

}
