package io.keymux.gateway.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Whoever makes a change.
 *
 * @param name name of the person, token or part of the system
 * @param kind what vouches for the name
 * @param address address the request came from, or null if there was none
 */
public record Actor(String name, Kind kind, @Nullable String address) {

	/**
	 * A part of the system that acts by itself.
	 * @param name what it is, such as {@code bootstrap file}
	 * @return the actor
	 */
	public static Actor system(String name) {
		return new Actor(name, Kind.SYSTEM, null);
	}

	/** What vouches for an actor's name. */
	public enum Kind {

		/** The admin key. */
		@JsonProperty("admin-key")
		ADMIN_KEY,

		/** A named token of the management API. */
		@JsonProperty("token")
		TOKEN,

		/** An OpenID provider. */
		@JsonProperty("oidc")
		OIDC,

		/** The node itself, or its command line. */
		@JsonProperty("system")
		SYSTEM,

		/** Nothing: someone who was not let in. */
		@JsonProperty("unknown")
		UNKNOWN

	}

}
