package io.keymux.gateway.proxy;

import io.keymux.gateway.access.PresentedKey;
import io.keymux.gateway.recording.OpenRecord;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;

/**
 * A caller's request as it came off the wire, taken apart once.
 *
 * @param id id of the request
 * @param group name in the path
 * @param path path behind the group, still encoded, with leading slash
 * @param query query without question mark and without the parameter {@code key}, or null
 * @param credential the access key presented
 * @param request the request
 * @param response the answer
 * @param record what is remembered of it
 */
record ProxyRequest(String id, String group, String path, @Nullable String query, PresentedKey credential,
		HttpServerRequest request, HttpServerResponse response, OpenRecord record) {

	static final ExchangeKey<ProxyRequest> KEY = ExchangeKey.of(ProxyRequest.class);

	static final String PREFIX = "/proxy/";

	static ProxyRequest of(ServerWebExchange exchange, String id, OpenRecord record) {
		HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
		HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
		String target = originForm(request.uri());
		int question = target.indexOf('?');
		String query = (question < 0) ? null : target.substring(question + 1);
		int pathEnd = (question < 0) ? target.length() : question;
		int slash = target.indexOf('/', PREFIX.length());
		int groupEnd = (slash < 0 || slash > pathEnd) ? pathEnd : slash;
		String group = target.substring(PREFIX.length(), groupEnd);
		String path = (groupEnd == pathEnd) ? "/" : withoutOwnPrefix(group, target.substring(groupEnd, pathEnd));
		return new ProxyRequest(id, group, path, PresentedKey.strip(query),
				PresentedKey.find(request.requestHeaders()::get, query), request, response, record);
	}

	/**
	 * Some clients put the path of a link we gave them (see UploadLinks) behind their
	 * base URL, where our own prefix stands already.
	 */
	private static String withoutOwnPrefix(String group, String path) {
		String own = PREFIX + group;
		return path.startsWith(own + "/") ? path.substring(own.length()) : path;
	}

	/** RFC 9112, 3.2.2: a server has to take the absolute form too. */
	private static String originForm(String target) {
		if (target.startsWith("/")) {
			return target;
		}
		int authority = target.indexOf("://");
		int path = (authority < 0) ? -1 : target.indexOf('/', authority + 3);
		return (path < 0) ? "/" : target.substring(path);
	}

	static boolean matches(ServerWebExchange exchange) {
		return exchange.getRequest().getPath().pathWithinApplication().value().startsWith(PREFIX);
	}

	HttpHeaders headers() {
		return this.request.requestHeaders();
	}

	boolean webSocket() {
		return headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
	}

	/** Whether a segment would lead out of the upstream's base path. */
	boolean climbs() {
		if (this.path.indexOf('.') < 0 && this.path.indexOf('%') < 0) {
			return false;
		}
		for (String segment : this.path.split("/", -1)) {
			String plain = segment.replace("%2e", ".").replace("%2E", ".");
			if (plain.equals(".") || plain.equals("..")) {
				return true;
			}
		}
		return false;
	}

}
