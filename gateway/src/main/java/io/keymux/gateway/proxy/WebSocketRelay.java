package io.keymux.gateway.proxy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.record.RequestEnd;
import io.keymux.gateway.recording.AnswerTap;
import io.keymux.gateway.recording.OpenRecord;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Joins a caller's WebSocket and an upstream's: frames pass as they come, closes too. */
final class WebSocketRelay {

	private final OpenRecord record;

	private final AnswerTap tap;

	private final WebsocketInbound callerIn;

	private final WebsocketOutbound callerOut;

	private final Connection upstream;

	private WebSocketRelay(OpenRecord record, AnswerTap tap, WebsocketInbound callerIn, WebsocketOutbound callerOut,
			Connection upstream) {
		this.record = record;
		this.tap = tap;
		this.callerIn = callerIn;
		this.callerOut = callerOut;
		this.upstream = upstream;
	}

	/** Largest frame, as large as a body that is held. */
	static int frameLimit(ServingGroup group) {
		return (int) Math.min(Integer.MAX_VALUE, group.settings().maxBodySize());
	}

	static Mono<Void> relay(ProxyRequest request, Connection upstream, int frameLimit) {
		AnswerTap tap = request.record().tapFrames();
		WebsocketServerSpec.Builder spec = WebsocketServerSpec.builder()
			.handlePing(true)
			.maxFramePayloadLength(frameLimit);
		String protocol = UpstreamSender.subprotocol(upstream);
		if (protocol != null) {
			spec.protocols(protocol);
		}
		return request.response()
			.sendWebsocket(
					(callerIn, callerOut) -> new WebSocketRelay(request.record(), tap, callerIn, callerOut, upstream)
						.join()
						.doFinally((_) -> {
							upstream.dispose();
							end(upstream, tap);
						}),
					spec.build())
			// This Mono ends with the handshake; what is joined lives on behind it.
			.doOnError((_) -> {
				upstream.dispose();
				end(upstream, tap);
			})
			.doOnCancel(() -> {
				upstream.dispose();
				end(upstream, tap);
			});
	}

	/** The tap belongs to the upstream connection's event loop. */
	private static void end(Connection upstream, AnswerTap tap) {
		upstream.channel().eventLoop().execute(tap::ended);
	}

	private Mono<Void> join() {
		WebsocketInbound upstreamIn = (WebsocketInbound) this.upstream;
		WebsocketOutbound upstreamOut = (WebsocketOutbound) this.upstream;
		Mono<Void> frames = Mono.when(
				pass(this.callerIn, upstreamOut, (frame) -> this.record.passed(frame.content().readableBytes())),
				pass(upstreamIn, this.callerOut, this::fromUpstream));
		// What ends the relay is an end of either side, never a flow that the end has
		// broken.
		AtomicBoolean closing = new AtomicBoolean();
		Mono<Void> ends = Mono.firstWithSignal(end(this.callerIn, upstreamOut, closing, () -> {
			this.record.ends(RequestEnd.CANCELLED);
			this.upstream.dispose();
		}), end(upstreamIn, this.callerOut, closing, () -> {
			this.record.ends(RequestEnd.CUT);
			this.callerIn.withConnection(DisposableChannel::dispose);
		}));
		return Mono.firstWithSignal(ends, frames.onErrorComplete().then(Mono.never()));
	}

	private static Mono<Void> pass(WebsocketInbound from, WebsocketOutbound to, Consumer<WebSocketFrame> listener) {
		return to.sendObject(from.receiveFrames().doOnNext(listener).map(WebSocketFrame::retain)).then();
	}

	/** Only text is read: what is told of usage is JSON. */
	private void fromUpstream(WebSocketFrame frame) {
		this.tap.handedOn(frame.content().readableBytes());
		if (frame instanceof TextWebSocketFrame && frame.isFinalFragment()) {
			this.tap.frame(frame.content());
		}
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
