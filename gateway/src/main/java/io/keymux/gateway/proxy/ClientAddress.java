package io.keymux.gateway.proxy;

import java.net.InetSocketAddress;
import java.util.List;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.stereotype.Component;

/**
 * Tells a caller's address; X-Forwarded-For counts only as far as trusted proxies wrote
 * it.
 */
@Component
class ClientAddress {

	private final List<IpSubnetFilterRule> trusted;

	ClientAddress(ProxyProperties properties) {
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

	String of(HttpServerRequest request) {
		InetSocketAddress peer = request.remoteAddress();
		if (peer == null) {
			return "";
		}
		String address = peer.getAddress().getHostAddress();
		if (!trusts(peer)) {
			return address;
		}
		List<String> hops = request.requestHeaders()
			.getAll("x-forwarded-for")
			.stream()
			.flatMap((value) -> java.util.Arrays.stream(value.split(",", -1)))
			.map(String::strip)
			.toList();
		for (String hop : hops.reversed()) {
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
			return new InetSocketAddress(java.net.InetAddress.getByAddress(bytes), 0);
		}
		catch (java.net.UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
