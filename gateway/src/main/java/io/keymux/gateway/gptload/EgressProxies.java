package io.keymux.gateway.gptload;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** gpt-load's proxy_url as Keymux wants it: always with a port. */
final class EgressProxies {

	private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443, "socks5", 1080);

	private EgressProxies() {
	}

	/**
	 * Reads a proxy URL.
	 * @param text the URL, which may hold a password
	 * @return the URL with its port, or null if it is none
	 */
	static @Nullable String of(String text) {
		try {
			URI uri = new URI(text.strip());
			String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
			Integer port = PORTS.get(scheme);
			if (port == null || uri.getHost() == null) {
				return null;
			}
			String user = (uri.getRawUserInfo() != null) ? uri.getRawUserInfo() + "@" : "";
			return "%s://%s%s:%d".formatted(scheme, user, uri.getHost(), (uri.getPort() > 0) ? uri.getPort() : port);
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

}
