package io.keymux.gateway.proxy;

import java.util.concurrent.atomic.AtomicLong;

import io.keymux.gateway.upstream.HttpClients;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;

import org.springframework.stereotype.Component;

/** Sends one attempt and waits for the head of its answer. */
@Component
class UpstreamSender {

	private final HttpClients clients;

	private final OutgoingHeaders headers;

	private final Deadlines deadlines;

	UpstreamSender(HttpClients clients, OutgoingHeaders headers, Deadlines deadlines) {
		this.clients = clients;
		this.headers = headers;
		this.deadlines = deadlines;
	}

	/**
	 * Sends a request.
	 * @param target where to
	 * @param outgoing what
	 * @param request the caller's request
	 * @param readable whether the answer has to come uncompressed
	 * @return the head of the answer, with the connection its body comes from
	 */
	Mono<AttemptResult> send(Target target, Outgoing outgoing, ProxyRequest request, boolean readable) {
		Mono<AttemptResult> answer = client(target).request(request.request().method())
			.uri(target.upstream().target(outgoing.path(), outgoing.query()))
			.send((sent, outbound) -> write(target, outgoing, request, readable, sent, outbound))
			.<AttemptResult>responseConnection(
					(head, connection) -> Mono.just(new AttemptResult.Answered(head, connection)))
			.singleOrEmpty();
		return this.deadlines.limit(answer, target.group().settings().responseTimeout())
			.doOnDiscard(AttemptResult.Answered.class, (late) -> late.connection().dispose());
	}

	private HttpClient client(Target target) {
		return this.clients.client(target.upstream(), target.group().transport());
	}

	private Publisher<Void> write(Target target, Outgoing outgoing, ProxyRequest request, boolean readable,
			HttpClientRequest sent, NettyOutbound outbound) {
		HttpHeaders headers = sent.requestHeaders();
		// What the client library would say of itself does not belong to this request.
		headers.clear();
		fill(headers, target, outgoing, request);
		if (readable) {
			headers.remove(HttpHeaderNames.ACCEPT_ENCODING);
		}
		else if (outgoing.operation().needsModel()) {
			OutgoingHeaders.keepReadableCodings(headers);
		}
		return switch (outgoing.body()) {
			case RequestBody.None _ -> withoutBody(request, headers, outbound);
			case RequestBody.Held held -> whole(held.bytes(), headers, outbound);
			case RequestBody.HeldMultipart held -> whole(held.bytes(), headers, outbound);
			case RequestBody.Streamed streamed -> passing(streamed, request, headers, outbound);
		};
	}

	private void fill(HttpHeaders headers, Target target, Outgoing outgoing, ProxyRequest request) {
		headers.set(HttpHeaderNames.HOST, target.upstream().hostHeader());
		OutgoingHeaders.copyRequest(request.headers(), headers);
		outgoing.dialect().authorize(headers, target.lease().secret());
		if (target.entry().aggregate()) {
			this.headers.applyRules(target.entry(), target, headers, request);
		}
		this.headers.applyRules(target.group(), target, headers, request);
	}

	private static Publisher<Void> withoutBody(ProxyRequest request, HttpHeaders headers, NettyOutbound outbound) {
		String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
		if (length != null) {
			headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
		}
		return outbound;
	}

	private static Publisher<Void> whole(byte[] body, HttpHeaders headers, NettyOutbound outbound) {
		headers.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
		return outbound.sendObject(Unpooled.wrappedBuffer(body));
	}

	private static Publisher<Void> passing(RequestBody.Streamed streamed, ProxyRequest request, HttpHeaders headers,
			NettyOutbound outbound) {
		String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
		if (length != null) {
			headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
		}
		else {
			headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
		}
		AtomicLong left = new AtomicLong(streamed.maxSize());
		Flux<ByteBuf> body = request.request().receive().retain().doOnNext((chunk) -> {
			request.record().passed(chunk.readableBytes());
			if (left.addAndGet(-chunk.readableBytes()) < 0) {
				chunk.release();
				throw ProxyProblem.bodyTooLarge("max-upload-size", streamed.maxSize());
			}
		}).onErrorMap((ex) -> !(ex instanceof ProxyProblem), (_) -> ProxyProblem.incompleteBody());
		return outbound.send(body);
	}

	/**
	 * Opens a WebSocket.
	 * @param target where to
	 * @param outgoing path and query
	 * @param request the caller's request
	 * @return the open WebSocket
	 */
	Mono<AttemptResult> open(Target target, Outgoing outgoing, ProxyRequest request) {
		WebsocketClientSpec.Builder spec = WebsocketClientSpec.builder()
			.handlePing(true)
			.maxFramePayloadLength(WebSocketRelay.frameLimit(target.group()));
		String protocols = OutgoingHeaders.subprotocols(request.headers());
		if (protocols != null) {
			spec.protocols(protocols);
		}
		Mono<AttemptResult> opened = client(target).headers((headers) -> {
			fill(headers, target, outgoing, request);
			OutgoingHeaders.removeHandshake(headers);
		})
			.websocket(spec.build())
			.uri(target.upstream().target(outgoing.path(), outgoing.query()))
			.connect()
			.map(AttemptResult.Opened::new);
		return this.deadlines.limit(opened, target.group().settings().responseTimeout())
			.doOnDiscard(AttemptResult.Opened.class, (late) -> late.connection().dispose());
	}

	/** The subprotocol an upstream chose, or null. */
	static @org.jspecify.annotations.Nullable String subprotocol(Connection webSocket) {
		return ((WebsocketInbound) webSocket).selectedSubprotocol();
	}

}
