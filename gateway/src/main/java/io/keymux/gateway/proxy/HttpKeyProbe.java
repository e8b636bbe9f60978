package io.keymux.gateway.proxy;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.key.KeyProbe;
import io.keymux.gateway.provider.Outcome;
import io.keymux.gateway.provider.Outcome.UpstreamFailed;
import io.keymux.gateway.provider.Provider.ProbeRequest;
import io.keymux.gateway.provider.ResponseHead;
import io.keymux.gateway.upstream.HttpClients;
import io.keymux.gateway.upstream.Upstream;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClientRequest;

import org.springframework.stereotype.Component;

/** Probes keys the way requests are sent, through the group's own upstreams. */
@Component
class HttpKeyProbe implements KeyProbe {

	private final HttpClients clients;

	private final Deadlines deadlines;

	private final InstantSource time;

	HttpKeyProbe(HttpClients clients, Deadlines deadlines, InstantSource time) {
		this.clients = clients;
		this.deadlines = deadlines;
		this.time = time;
	}

	@Override
	public Mono<Outcome> probe(ServingGroup group, String secret) {
		Upstream upstream = group.upstreams().select(List.of());
		if (upstream == null) {
			return Mono.just(new UpstreamFailed("no upstream with a weight"));
		}
		ProbeRequest probe = group.provider().probe(group.group().probe().model(), group.group().probe().path());
		Mono<Outcome> outcome = this.clients.client(upstream, group.transport())
			.request(HttpMethod.valueOf(probe.method()))
			.uri(upstream.target(probe.path(), null))
			.send((sent, outbound) -> write(group, upstream, secret, probe.body(), sent, outbound))
			.responseSingle((head, body) -> body.asByteArray()
				.defaultIfEmpty(new byte[0])
				.map((bytes) -> group.provider()
					.outcome(new ResponseHead(head.status().code(), head.responseHeaders(), bytes,
							this.time.instant()))));
		return this.deadlines.limit(outcome, group.settings().probeTimeout());
	}

	private static Publisher<Void> write(ServingGroup group, Upstream upstream, String secret, @Nullable String body,
			HttpClientRequest sent, NettyOutbound outbound) {
		HttpHeaders headers = sent.requestHeaders();
		headers.clear();
		headers.set(HttpHeaderNames.HOST, upstream.hostHeader())
			.set(HttpHeaderNames.ACCEPT, HttpHeaderValues.APPLICATION_JSON)
			.set(HttpHeaderNames.USER_AGENT, "keymux-probe");
		group.provider().authorize(headers, secret);
		if (body == null) {
			return outbound;
		}
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
			.setInt(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
		return outbound.sendObject(Unpooled.wrappedBuffer(bytes));
	}

}
