package io.keymux.gateway.proxy;

import io.keymux.gateway.group.ServingGroup;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
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
		return response.sendWebsocket((callerIn, callerOut) -> join(callerIn, callerOut, upstream), spec.build())
			.doFinally((_) -> upstream.dispose());
	}

	private static Mono<Void> join(WebsocketInbound callerIn, WebsocketOutbound callerOut, Connection upstream) {
		WebsocketInbound upstreamIn = (WebsocketInbound) upstream;
		WebsocketOutbound upstreamOut = (WebsocketOutbound) upstream;
		return Mono.firstWithSignal(pass(callerIn, upstreamOut), pass(upstreamIn, callerOut));
	}

	/** Passes frames until one side closes, and then tells the other what it was told. */
	private static Mono<Void> pass(WebsocketInbound from, WebsocketOutbound to) {
		return to.sendObject(from.receiveFrames().map(WebSocketFrame::retain))
			.then()
			.then(from.receiveCloseStatus())
			.flatMap((status) -> close(to, status));
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
