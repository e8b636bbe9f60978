package io.keymux.gateway.access;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Tells where a request comes from; what proxies forward about it counts only as far as
 * trusted ones wrote it.
 */
@Component
public class ClientAddress {

	private final List<IpSubnetFilterRule> trusted;

	ClientAddress(FrontProperties properties) {
		this.trusted = properties.trustedProxies().stream().map(ClientAddress::rule).toList();
	}

	private static IpSubnetFilterRule rule(String range) {
		int slash = range.indexOf('/');
		try {
			return new IpSubnetFilterRule(range.substring(0, slash), Integer.parseInt(range.substring(slash + 1)),
					IpFilterRuleType.ACCEPT);
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException(
					"keymux.proxy.trusted-proxies: '%s' (expected: an address range such as 10.0.0.0/8)"
						.formatted(range));
		}
	}

	/**
	 * The address of whoever sent a request.
	 * @param exchange the request
	 * @return the address, or nothing if the connection has none
	 */
	public String of(ServerWebExchange exchange) {
		return of(request(exchange));
	}

	/**
	 * The address of whoever sent a request.
	 * @param request the request
	 * @return the address, or nothing if the connection has none
	 */
	public String of(HttpServerRequest request) {
		InetSocketAddress peer = request.remoteAddress();
		if (peer == null) {
			return "";
		}
		String address = peer.getAddress().getHostAddress();
		if (!trusts(peer)) {
			return address;
		}
		for (String hop : forwarded(request, "x-forwarded-for").reversed()) {
			byte[] bytes = NetUtil.createByteArrayFromIpAddressString(hop);
			if (bytes == null) {
				return address;
			}
			address = hop;
			if (!trusts(socketAddress(bytes))) {
				return address;
			}
		}
		return address;
	}

	/**
	 * Whether a request was encrypted on its way, at least up to a trusted proxy.
	 * @param exchange the request
	 * @return true if it was
	 */
	public boolean encrypted(ServerWebExchange exchange) {
		HttpServerRequest request = request(exchange);
		if ("https".equals(request.scheme())) {
			return true;
		}
		InetSocketAddress peer = request.remoteAddress();
		List<String> schemes = forwarded(request, "x-forwarded-proto");
		return peer != null && trusts(peer) && !schemes.isEmpty() && schemes.getLast().equalsIgnoreCase("https");
	}

	private static HttpServerRequest request(ServerWebExchange exchange) {
		return ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
	}

	private static List<String> forwarded(HttpServerRequest request, String header) {
		return request.requestHeaders()
			.getAll(header)
			.stream()
			.flatMap((value) -> Arrays.stream(value.split(",", -1)))
			.map(String::strip)
			.toList();
	}

	private boolean trusts(InetSocketAddress address) {
		for (IpSubnetFilterRule rule : this.trusted) {
			if (rule.matches(address)) {
				return true;
			}
		}
		return false;
	}

	private static InetSocketAddress socketAddress(byte[] bytes) {
		try {
			return new InetSocketAddress(InetAddress.getByAddress(bytes), 0);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
