package io.keymux.gateway.proxy;

import io.netty.handler.codec.http.HttpHeaders;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/** How one attempt ended, as far as the wire tells. */
sealed interface AttemptResult {

	/**
	 * An answer whose body has not been read.
	 *
	 * @param head status and headers
	 * @param connection where the body comes from; whoever takes it reads or disposes it
	 */
	record Answered(HttpClientResponse head, Connection connection) implements AttemptResult {
	}

	/**
	 * An answer that is held whole, so that it may be judged and still be relayed.
	 *
	 * @param status status
	 * @param headers headers
	 * @param body body as it came
	 */
	record Held(int status, HttpHeaders headers, byte[] body) implements AttemptResult {
	}

	/**
	 * An upstream that took up a WebSocket.
	 *
	 * @param connection the open WebSocket
	 */
	record Opened(Connection connection) implements AttemptResult {
	}

	/**
	 * No answer.
	 *
	 * @param failure why
	 */
	record Failed(TransportFailure failure) implements AttemptResult {
	}

}
