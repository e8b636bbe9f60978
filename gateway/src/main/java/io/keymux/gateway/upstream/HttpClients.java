package io.keymux.gateway.upstream;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLException;

import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.SslProvider;
import reactor.netty.transport.AddressUtils;
import reactor.netty.transport.ProxyProvider;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * One HTTP client for each combination of transport settings; redirects are not followed.
 */
@Component
public class HttpClients implements DisposableBean {

	private static final int MAX_CONNECTIONS_PER_HOST = 20_000;

	private final ConnectionProvider connections = ConnectionProvider.builder("keymux-upstream")
		.maxConnections(MAX_CONNECTIONS_PER_HOST)
		.maxIdleTime(Duration.ofSeconds(50))
		.evictInBackground(Duration.ofSeconds(15))
		.disposeInactivePoolsInBackground(Duration.ofSeconds(30), Duration.ofMinutes(10))
		.lifo()
		.build();

	private final Map<Destination, HttpClient> clients = new ConcurrentHashMap<>();

	/**
	 * The client for an upstream; targets given to it are paths.
	 * @param upstream where to
	 * @param settings how to get there
	 * @return a client that shares its connections with others of equal destination
	 */
	public HttpClient client(Upstream upstream, TransportSettings settings) {
		Destination destination = new Destination(upstream.origin(), settings);
		HttpClient client = this.clients.get(destination);
		return (client != null) ? client : this.clients.computeIfAbsent(destination, this::create);
	}

	/**
	 * Forgets the clients nobody will ask for any more; what they are doing goes on, and
	 * their idle connections close by and by.
	 * @param used transport settings that are in force somewhere
	 */
	public void retain(Set<TransportSettings> used) {
		this.clients.keySet().removeIf((destination) -> !used.contains(destination.settings()));
	}

	private HttpClient create(Destination destination) {
		Origin origin = destination.origin;
		// Unresolved, so that each new connection asks the resolver again.
		InetSocketAddress address = AddressUtils.createUnresolved(origin.host(), origin.port());
		HttpClient client = create(destination.settings).remoteAddress(() -> address);
		client = client.doOnChannelInit((_, channel, _) -> channel.pipeline()
			.addAfter(NettyPipeline.HttpCodec, InterimAnswers.NAME, InterimAnswers.INSTANCE));
		return origin.secure() ? secure(client, destination.settings.connectTimeout()) : client;
	}

	private static HttpClient secure(HttpClient client, Duration handshakeTimeout) {
		return client
			.secure((tls) -> tls.sslContext((SslProvider.GenericSslContextSpec<?>) Http11SslContextSpec.forClient())
				.handshakeTimeout(handshakeTimeout));
	}

	private HttpClient create(TransportSettings settings) {
		int connectMillis = Math.toIntExact(settings.connectTimeout().toMillis());
		HttpClient client = HttpClient.create(this.connections)
			// A request that may have reached the provider is ours to repeat, or not.
			.disableRetry(true)
			.followRedirect(false)
			.compress(false)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.SO_KEEPALIVE, true)
			.resolver((resolver) -> resolver.queryTimeout(settings.connectTimeout()));
		URI proxy = settings.egressProxy();
		if (proxy == null) {
			return client;
		}
		HttpClient proxied = client.proxy((spec) -> configure(spec, proxy, connectMillis));
		return "https".equals(proxy.getScheme()) ? overTls(proxied, proxy) : proxied;
	}

	/**
	 * The way to the proxy itself is encrypted; what is tunnelled may be so once more.
	 */
	private static HttpClient overTls(HttpClient client, URI proxy) {
		SslContext context;
		try {
			context = SslContextBuilder.forClient().build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException("No TLS for egress proxies", ex);
		}
		return client.doOnChannelInit((_, channel, _) -> channel.pipeline()
			.addFirst("keymux.egressProxyTls", context.newHandler(channel.alloc(), proxy.getHost(), proxy.getPort())));
	}

	private static void configure(ProxyProvider.TypeSpec spec, URI proxy, int connectMillis) {
		ProxyProvider.Proxy type = "socks5".equals(proxy.getScheme()) ? ProxyProvider.Proxy.SOCKS5
				: ProxyProvider.Proxy.HTTP;
		ProxyProvider.Builder builder = spec.type(type)
			.socketAddress(InetSocketAddress.createUnresolved(proxy.getHost(), proxy.getPort()))
			.nonProxyHostsPredicate((_) -> false)
			.connectTimeoutMillis(connectMillis);
		Credentials credentials = Credentials.of(proxy.getUserInfo());
		if (credentials != null) {
			builder.username(credentials.user).password((_) -> credentials.password);
		}
	}

	@Override
	public void destroy() {
		this.connections.disposeLater().block(Duration.ofSeconds(5));
	}

	/** Where to and how. */
	private record Destination(Origin origin, TransportSettings settings) {
	}

	private record Credentials(String user, String password) {

		static @Nullable Credentials of(@Nullable String userInfo) {
			if (userInfo == null) {
				return null;
			}
			int colon = userInfo.indexOf(':');
			return (colon < 0) ? new Credentials(userInfo, "")
					: new Credentials(userInfo.substring(0, colon), userInfo.substring(colon + 1));
		}

		@Override
		public String toString() {
			return "Credentials[user=" + this.user + "]";
		}

	}

}
