package io.keymux.gateway.upstream;

import java.net.URI;

/**
 * Where an upstream is reached, taken from its base URL once.
 *
 * @param secure whether over TLS
 * @param host host name or address, without brackets
 * @param port port
 * @param hostHeader value of the Host header
 * @param basePath path of the base URL without trailing slash, empty for the root
 */
record Origin(boolean secure, String host, int port, String hostHeader, String basePath) {

	static Origin of(String url) {
		URI uri = URI.create(url);
		boolean secure = "https".equalsIgnoreCase(uri.getScheme());
		int defaultPort = secure ? 443 : 80;
		int port = (uri.getPort() < 0) ? defaultPort : uri.getPort();
		String host = uri.getHost();
		String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
		return new Origin(secure, bare, port, (port == defaultPort) ? host : host + ":" + port, uri.getRawPath());
	}

}
