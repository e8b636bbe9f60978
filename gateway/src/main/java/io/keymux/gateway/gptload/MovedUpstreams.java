package io.keymux.gateway.gptload;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Upstreams of a group.
 *
 * @param nodes the upstreams as the document shows them, perhaps none
 * @param dead whether gpt-load would not have used any of them
 */
record MovedUpstreams(ArrayNode nodes, boolean dead) {

	private static final int MAX_LENGTH = 1000;

	/**
	 * Moves upstreams.
	 * @param list gpt-load's list of {@code {url, weight}}
	 * @param where the group, for what is noted
	 * @param findings where upstreams that are not moved are noted
	 * @return the upstreams that can be moved
	 */
	static MovedUpstreams of(ArrayNode list, String where, Findings findings) {
		List<String> urls = new ArrayList<>();
		List<Long> weights = new ArrayList<>();
		for (int i = 0; i < list.size(); i++) {
			String url = url(JsonColumn.text(list.get(i), "url"), "%s, upstream %d".formatted(where, i + 1), findings);
			if (url != null) {
				urls.add(url);
				weights.add(weight(list.get(i)));
			}
		}
		if (!Weights.fit(weights)) {
			findings.changed(where, "the upstreams' weights were scaled",
					"Keymux takes weights from 0 to %d".formatted(Weights.MAX));
		}
		List<Integer> scaled = Weights.scaled(weights);
		boolean dead = scaled.stream().allMatch((weight) -> weight == 0);
		ArrayNode nodes = JsonColumn.MAPPER.createArrayNode();
		for (int i = 0; i < urls.size(); i++) {
			nodes.addObject().put("url", urls.get(i)).put("weight", dead ? 1 : scaled.get(i));
		}
		return new MovedUpstreams(nodes, dead);
	}

	private static long weight(JsonNode upstream) {
		JsonNode weight = upstream.get("weight");
		return (weight != null && weight.isIntegralNumber() && weight.canConvertToLong()) ? weight.longValue() : 0;
	}

	/** The URL is not repeated: its user information may be a password. */
	private static @Nullable String url(String text, String where, Findings findings) {
		URI uri = parse(text);
		if (uri == null || uri.getHost() == null || uri.getPort() > 65535) {
			findings.left(where, "its URL",
					"expected: an absolute http or https URL with a valid host name, which has no underscore");
			return null;
		}
		String path = uri.getRawPath().replaceAll("/+$", "");
		String port = (uri.getPort() >= 0) ? ":" + uri.getPort() : "";
		String url = "%s://%s%s%s".formatted(uri.getScheme(), uri.getHost(), port, path);
		if (url.length() > MAX_LENGTH) {
			findings.left(where, "its URL", "expected: at most %d characters".formatted(MAX_LENGTH));
			return null;
		}
		if (uri.getRawUserInfo() != null) {
			findings.changed(where, "user and password were taken off its URL",
					"Keymux sends no others than the provider key; a header rule can set Authorization");
		}
		if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
			findings.changed(where, "query and fragment were taken off its URL",
					"a base URL ends with its path; callers send their own query");
		}
		return url;
	}

	private static @Nullable URI parse(String text) {
		try {
			URI uri = new URI(text.strip());
			return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme())) ? uri : null;
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

}
