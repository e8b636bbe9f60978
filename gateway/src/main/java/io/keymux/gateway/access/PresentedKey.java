package io.keymux.gateway.access;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The access key a caller presents, wherever its SDK puts it.
 *
 * @param value the key, or null if there is none
 * @param place lower-case header name, {@code key} for the query, empty if there is none
 */
public record PresentedKey(@Nullable String value, String place) {

	/**
	 * What browsers put before the key, having no headers for WebSockets (OpenAI
	 * Realtime).
	 */
	public static final String SUBPROTOCOL_PREFIX = "openai-insecure-api-key.";

	private static final PresentedKey NONE = new PresentedKey(null, "");

	private static final String BEARER = "bearer ";

	/**
	 * Looks for the key in every place SDKs put it.
	 * @param headers finds the first value of a header
	 * @param query the query as it was sent, or null
	 * @return the key, or none
	 */
	public static PresentedKey find(Function<String, @Nullable String> headers, @Nullable String query) {
		String authorization = headers.apply("authorization");
		if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
			return new PresentedKey(authorization.substring(BEARER.length()).strip(), "authorization");
		}
		String named = headers.apply("x-api-key");
		if (named != null) {
			return new PresentedKey(named.strip(), "x-api-key");
		}
		String google = headers.apply("x-goog-api-key");
		if (google != null) {
			return new PresentedKey(google.strip(), "x-goog-api-key");
		}
		return (query != null && query.contains("key=")) ? inQuery(query) : inSubprotocol(headers);
	}

	private static PresentedKey inQuery(String query) {
		for (String parameter : query.split("&", -1)) {
			if (parameter.startsWith("key=")) {
				return new PresentedKey(decode(parameter.substring("key=".length())), "key");
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

	private static PresentedKey inSubprotocol(Function<String, @Nullable String> headers) {
		String protocols = headers.apply("sec-websocket-protocol");
		if (protocols != null) {
			for (String protocol : protocols.split(",", -1)) {
				if (protocol.strip().startsWith(SUBPROTOCOL_PREFIX)) {
					return new PresentedKey(protocol.strip().substring(SUBPROTOCOL_PREFIX.length()),
							"sec-websocket-protocol");
				}
			}
		}
		return NONE;
	}

	/**
	 * Takes the key out of a query; the rest stays byte for byte.
	 * @param query the query as it was sent, or null
	 * @return without the parameter {@code key}, or null if nothing is left
	 */
	public static @Nullable String strip(@Nullable String query) {
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
		return "PresentedKey[place=" + this.place + "]";
	}

}
