package io.keymux.gateway.proxy;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

import io.keymux.gateway.setting.EffectiveSettings;
import io.keymux.gateway.setting.RetryOn;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;

/** Why an attempt had no answer; words, never an exception's own message. */
enum TransportFailure {

	/** Nobody listens. */
	REFUSED("connection refused"),

	/** The name does not resolve. */
	UNRESOLVED("name not resolved"),

	/** No way there. */
	NO_ROUTE("no route to host"),

	/** TLS failed. */
	TLS("TLS handshake failed"),

	/** The egress proxy failed. */
	EGRESS_PROXY("egress proxy failed"),

	/** No connection was free. */
	NO_CONNECTION("no connection free"),

	/** The connection ended before the head. */
	RESET("connection reset before an answer"),

	/** The error answer was too large to hold. */
	OVERSIZED("error answer over 1 MB"),

	/** The connection took too long. */
	CONNECT_TIMEOUT("connect timeout"),

	/** The head took too long. */
	RESPONSE_TIMEOUT("response timeout");

	private final String reason;

	TransportFailure(String reason) {
		this.reason = reason;
	}

	static TransportFailure of(Throwable error) {
		return switch (error) {
			case Deadlines.Expired _ -> RESPONSE_TIMEOUT;
			case ConnectTimeoutException _, SslHandshakeTimeoutException _ -> CONNECT_TIMEOUT;
			case ProxyConnectException proxy -> timedOut(proxy) ? CONNECT_TIMEOUT : EGRESS_PROXY;
			// The connection pool's own time-out.
			case TimeoutException _ -> NO_CONNECTION;
			case UnknownHostException _ -> UNRESOLVED;
			case NoRouteToHostException _ -> NO_ROUTE;
			case ConnectException _ -> REFUSED;
			case SSLException _ -> TLS;
			case OversizedException _ -> OVERSIZED;
			default -> RESET;
		};
	}

	private static boolean timedOut(ProxyConnectException proxy) {
		String message = proxy.getMessage();
		return message != null && message.contains("timeout");
	}

	String reason() {
		return this.reason;
	}

	/** Whether the request cannot have reached the upstream. */
	boolean beforeSending() {
		return switch (this) {
			case REFUSED, UNRESOLVED, NO_ROUTE, TLS, EGRESS_PROXY, NO_CONNECTION, CONNECT_TIMEOUT -> true;
			case RESET, OVERSIZED, RESPONSE_TIMEOUT -> false;
		};
	}

	boolean retryable(RetryOn retryOn) {
		return (this == RESPONSE_TIMEOUT) ? retryOn.timeout() : retryOn.connect();
	}

	ProxyProblem problem(EffectiveSettings settings) {
		return switch (this) {
			case CONNECT_TIMEOUT -> timeout("connect-timeout", settings.connectTimeout());
			case RESPONSE_TIMEOUT -> timeout("response-timeout", settings.responseTimeout());
			default -> ProxyProblem.unreachable(this.reason);
		};
	}

	private static ProxyProblem timeout(String setting, Duration value) {
		return ProxyProblem.timeout(setting, value);
	}

	/** An answer that is larger than what may be held of it. */
	static final class OversizedException extends RuntimeException {

		OversizedException(int max) {
			super("answer over " + max + " bytes", null, false, false);
		}

	}

}
