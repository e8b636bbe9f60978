package io.keymux.gateway.admin;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What someone may do; each role may do what those before it may. */
public enum Role {

	/** Sees everything but secrets. */
	@JsonProperty("viewer")
	VIEWER,

	/** Changes groups, keys, access keys and settings, and runs tasks. */
	@JsonProperty("operator")
	OPERATOR,

	/** Hands out API tokens, and takes secrets out. */
	@JsonProperty("admin")
	ADMIN;

	/**
	 * Whether this role may do what another one may.
	 * @param other the other role
	 * @return true if it may
	 */
	public boolean includes(Role other) {
		return compareTo(other) >= 0;
	}

	/**
	 * The name people and the API use.
	 * @return in lower case
	 */
	public String title() {
		return name().toLowerCase(Locale.ROOT);
	}

	static Role of(String title) {
		return valueOf(title.toUpperCase(Locale.ROOT));
	}

}
