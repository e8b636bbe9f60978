package io.keymux.gateway.proxy;

import reactor.core.publisher.Mono;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerResponse;

/** Ends connections so that the caller sees that an answer is not whole. */
final class Connections {

	private Connections() {
	}

	/** Closes at once: no terminating chunk, no missing byte made up for. */
	static Mono<Void> close(HttpServerResponse response) {
		return Mono.fromRunnable(() -> response.withConnection(DisposableChannel::dispose));
	}

}
