package io.keymux.gateway.admin;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** The key that a program sends with each request. */
public final class BearerKey {

	private static final String BEARER = "Bearer ";

	private BearerKey() {
	}

	/**
	 * Looks for a key in the Authorization header.
	 * @param exchange the request
	 * @return the key as presented, or null if there is none
	 */
	public static @Nullable String in(ServerWebExchange exchange) {
		String header = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
		return (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
				? header.substring(BEARER.length()).strip() : null;
	}

}
