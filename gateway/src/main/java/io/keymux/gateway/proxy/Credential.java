package io.keymux.gateway.proxy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The access key a caller presents, wherever its SDK puts it.
 *
 * @param value the key, or null if there is none
 * @param place lower-case header name, {@code key} for the query, empty if there is none
 */
record Credential(@Nullable String value, String place) {

	/**
	 * What browsers put before the key, having no headers for WebSockets (OpenAI
	 * Realtime).
	 */
	static final String SUBPROTOCOL_PREFIX = "openai-insecure-api-key.";

	private static final Credential NONE = new Credential(null, "");

	private static final String BEARER = "bearer ";

	static Credential find(HttpHeaders headers, @Nullable String query) {
		String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
		if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
			return new Credential(authorization.substring(BEARER.length()).strip(), "authorization");
		}
		String named = headers.get("x-api-key");
		if (named != null) {
			return new Credential(named.strip(), "x-api-key");
		}
		String google = headers.get("x-goog-api-key");
		if (google != null) {
			return new Credential(google.strip(), "x-goog-api-key");
		}
		return (query != null && query.contains("key=")) ? inQuery(query) : inSubprotocol(headers);
	}

	private static Credential inQuery(String query) {
		for (String parameter : query.split("&", -1)) {
			if (parameter.startsWith("key=")) {
				return new Credential(decode(parameter.substring("key=".length())), "key");
			}
		}
		return NONE;
	}

	private static @Nullable String decode(String encoded) {
		try {
			return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static Credential inSubprotocol(HttpHeaders headers) {
		String protocols = headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
		if (protocols != null) {
			for (String protocol : protocols.split(",", -1)) {
				if (protocol.strip().startsWith(SUBPROTOCOL_PREFIX)) {
					return new Credential(protocol.strip().substring(SUBPROTOCOL_PREFIX.length()),
							"sec-websocket-protocol");
				}
			}
		}
		return NONE;
	}

	/** The query without the parameter {@code key}; the rest stays byte for byte. */
	static @Nullable String strip(@Nullable String query) {
		if (query == null || !query.contains("key")) {
			return query;
		}
		StringBuilder kept = new StringBuilder(query.length());
		boolean first = true;
		boolean stripped = false;
		for (String parameter : query.split("&", -1)) {
			if (parameter.equals("key") || parameter.startsWith("key=")) {
				stripped = true;
				continue;
			}
			if (!first) {
				kept.append('&');
			}
			kept.append(parameter);
			first = false;
		}
		if (!stripped) {
			return query;
		}
		return first ? null : kept.toString();
	}

	@Override
	public String toString() {
		return "Credential[place=" + this.place + "]";
	}

}
