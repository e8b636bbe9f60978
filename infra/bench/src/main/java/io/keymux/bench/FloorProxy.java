package io.keymux.bench;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.reactivestreams.Publisher;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * The least a proxy on Reactor Netty can do: copy the headers, replace the key, stream
 * both bodies.
 */
public final class FloorProxy {

	private static final String KEY = "Bearer " + MockUpstream.KEY_PREFIX + "floor";

	private static final int MAX_CONNECTIONS = 1_000;

	private final HttpClient client;

	/**
	 * Creates a proxy.
	 * @param upstream base URL, without a trailing slash
	 */
	FloorProxy(String upstream) {
		this.client = HttpClient.create(ConnectionProvider.create("floor", MAX_CONNECTIONS)).baseUrl(upstream);
	}

	/**
	 * Runs the proxy until the process ends.
	 * @param args the port and the base URL of the upstream
	 */
	public static void main(String[] args) {
		new FloorProxy(args[1]).start(Integer.parseInt(args[0])).onDispose().block();
	}

	DisposableServer start(int port) {
		return HttpServer.create().host("127.0.0.1").port(port).handle(this::forward).bindNow();
	}

	private Publisher<Void> forward(HttpServerRequest request, HttpServerResponse response) {
		return this.client.request(request.method()).uri(withoutGroup(request.uri())).send((outgoing, outbound) -> {
			rewrite(request.requestHeaders(), outgoing.requestHeaders());
			return outbound.send(request.receive().retain());
		}).responseConnection((head, connection) -> relay(head, connection, response));
	}

	private static void rewrite(HttpHeaders received, HttpHeaders sent) {
		String host = sent.get(HttpHeaderNames.HOST);
		sent.set(received)
			.remove(HttpHeaderNames.CONNECTION)
			.set(HttpHeaderNames.HOST, host)
			.set(HttpHeaderNames.AUTHORIZATION, KEY);
	}

	private static Publisher<Void> relay(HttpClientResponse head, Connection connection, HttpServerResponse response) {
		response.status(head.status()).headers(head.responseHeaders());
		response.responseHeaders().remove(HttpHeaderNames.CONNECTION);
		return response.send(connection.inbound().receive().retain());
	}

	/**
	 * The callers of the bench ask for {@code /proxy/{group}/path} wherever they call.
	 */
	private static String withoutGroup(String uri) {
		return uri.substring(uri.indexOf('/', "/proxy/".length()));
	}

}
