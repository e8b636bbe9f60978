package io.keymux.gateway.proxy;

import java.util.concurrent.atomic.AtomicBoolean;

import io.keymux.gateway.group.ServingGroup;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Joins a caller's WebSocket and an upstream's: frames pass as they come, closes too. */
final class WebSocketRelay {

	private WebSocketRelay() {
	}

	/** Largest frame, as large as a body that is held. */
	static int frameLimit(ServingGroup group) {
		return (int) Math.min(Integer.MAX_VALUE, group.settings().maxBodySize());
	}

	static Mono<Void> relay(HttpServerResponse response, Connection upstream, int frameLimit) {
		WebsocketServerSpec.Builder spec = WebsocketServerSpec.builder()
			.handlePing(true)
			.maxFramePayloadLength(frameLimit);
		String protocol = UpstreamSender.subprotocol(upstream);
		if (protocol != null) {
			spec.protocols(protocol);
		}
		return response
			.sendWebsocket(
					(callerIn, callerOut) -> join(callerIn, callerOut, upstream).doFinally((_) -> upstream.dispose()),
					spec.build())
			// This Mono ends with the handshake; what is joined lives on behind it.
			.doOnError((_) -> upstream.dispose())
			.doOnCancel(upstream::dispose);
	}

	private static Mono<Void> join(WebsocketInbound callerIn, WebsocketOutbound callerOut, Connection upstream) {
		WebsocketInbound upstreamIn = (WebsocketInbound) upstream;
		WebsocketOutbound upstreamOut = (WebsocketOutbound) upstream;
		Mono<Void> frames = Mono.when(pass(callerIn, upstreamOut), pass(upstreamIn, callerOut));
		// What ends the relay is an end of either side, never a flow that the end has
		// broken.
		AtomicBoolean closing = new AtomicBoolean();
		Mono<Void> ends = Mono.firstWithSignal(end(callerIn, upstreamOut, closing, upstream::dispose),
				end(upstreamIn, callerOut, closing, () -> callerIn.withConnection(DisposableChannel::dispose)));
		return Mono.firstWithSignal(ends, frames.onErrorComplete().then(Mono.never()));
	}

	private static Mono<Void> pass(WebsocketInbound from, WebsocketOutbound to) {
		return to.sendObject(from.receiveFrames().map(WebSocketFrame::retain)).then();
	}

	/**
	 * Tells one side how the other closed; if it just broke off, breaks off too.
	 * @param closing set by the first close: a side reports what it is told as well, even
	 * before that is on the wire
	 */
	private static Mono<Void> end(WebsocketInbound from, WebsocketOutbound to, AtomicBoolean closing,
			Runnable breakOff) {
		return from.receiveCloseStatus()
			.flatMap((status) -> closing.compareAndSet(false, true) ? close(to, status).thenReturn(status)
					: Mono.never())
			.switchIfEmpty(Mono.fromRunnable(breakOff))
			.then();
	}

	private static Mono<Void> close(WebsocketOutbound to, WebSocketCloseStatus status) {
		if (status.code() == WebSocketCloseStatus.EMPTY.code()) {
			return to.sendClose();
		}
		// 1006 and its like are never sent (RFC 6455, 7.4.1): the connection just ends.
		return WebSocketCloseStatus.isValidStatusCode(status.code()) ? to.sendClose(status.code(), status.reasonText())
				: Mono.empty();
	}

}
