package io.keymux.gateway.proxy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.group.ServingGroup.ServingMember;
import io.keymux.gateway.provider.ModelPatterns;
import io.keymux.gateway.provider.Operation;
import io.keymux.gateway.proxy.AttemptResult.Answered;
import io.keymux.gateway.proxy.AttemptResult.Held;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.stereotype.Component;

/** Relays a provider's answer to the caller: byte for byte, chunk by chunk. */
@Component
class AnswerRelay {

	static final String ATTEMPTS = "x-keymux-attempts";

	private static final Logger logger = LoggerFactory.getLogger(AnswerRelay.class);

	private static final int MAX_HELD = 1 << 20;

	private static final int MAX_LIST = 16 << 20;

	private static final int MAX_READABLE = 64 << 10;

	private final Deadlines deadlines;

	private final UploadLinks uploadLinks;

	AnswerRelay(Deadlines deadlines, UploadLinks uploadLinks) {
		this.deadlines = deadlines;
		this.uploadLinks = uploadLinks;
	}

	/** Reads an error answer whole, so that it can be judged. */
	Mono<AttemptResult> hold(Answered answered, Duration limit) {
		Mono<AttemptResult> held = body(answered.connection(), MAX_HELD)
			.map((body) -> new Held(answered.head().status().code(), answered.head().responseHeaders(), body));
		return this.deadlines.limit(held, limit).doOnError((_) -> answered.connection().dispose());
	}

	private static Mono<byte[]> body(Connection connection, int max) {
		return connection.inbound().receive().collect(ByteArrayOutputStream::new, (bytes, chunk) -> {
			if (bytes.size() + chunk.readableBytes() > max) {
				throw new TransportFailure.OversizedException(max);
			}
			write(chunk, bytes);
		}).map(ByteArrayOutputStream::toByteArray);
	}

	private static void write(ByteBuf chunk, ByteArrayOutputStream bytes) {
		try {
			chunk.readBytes(bytes, chunk.readableBytes());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The first bytes of an error answer, decompressed where that is possible. */
	byte[] readable(Held held) {
		String encoding = held.headers().get(HttpHeaderNames.CONTENT_ENCODING, "");
		try {
			return switch (encoding) {
				case "gzip" -> unpack(new GZIPInputStream(new ByteArrayInputStream(held.body())));
				case "deflate" -> unpack(new InflaterInputStream(new ByteArrayInputStream(held.body())));
				default -> held.body();
			};
		}
		catch (IOException ex) {
			return new byte[0];
		}
	}

	private static byte[] unpack(InputStream packed) throws IOException {
		try (packed) {
			return packed.readNBytes(MAX_READABLE);
		}
	}

	/** Relays an answer that is held. */
	Mono<Void> held(ProxyRequest request, Held held) {
		HttpServerResponse response = head(request, HttpResponseStatus.valueOf(held.status()), held.headers());
		return whole(request, response, held.body());
	}

	private static Mono<Void> whole(ProxyRequest request, HttpServerResponse response, byte[] body) {
		if (!request.request().method().equals(HttpMethod.HEAD)) {
			response.responseHeaders().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
		}
		return response.send(Mono.just(Unpooled.wrappedBuffer(body))).then();
	}

	/** How the answer to this request has to be edited, or null if it passes as it is. */
	@Nullable ModelListEdit listEdit(ServingGroup entry, Target target, Outgoing sent, Caller caller) {
		if (sent.operation() != Operation.MODEL_LIST) {
			return null;
		}
		ModelPatterns member = ModelPatterns.ALL;
		for (ServingMember each : entry.members().list()) {
			member = each.group().name().equals(target.group().name()) ? each.models() : member;
		}
		ModelListEdit edit = ModelListEdit.of(sent.dialect().modelList(), entry, member, caller);
		return edit.changesNothing() ? null : edit;
	}

	/**
	 * Relays an answer as it arrives.
	 * @param edit change to the list of models, or null to relay as it is
	 */
	Mono<Void> live(ProxyRequest request, Target target, Answered answered, @Nullable ModelListEdit edit) {
		HttpServerResponse response = head(request, answered.head().status(), answered.head().responseHeaders());
		this.uploadLinks.rewrite(response.responseHeaders(), request, target.upstream());
		if (edit != null && answered.head().status().code() == 200) {
			return edited(request, response, target, answered, edit);
		}
		return stream(request, response, target, answered.connection());
	}

	private Mono<Void> edited(ProxyRequest request, HttpServerResponse response, Target target, Answered answered,
			ModelListEdit edit) {
		return this.deadlines.limit(body(answered.connection(), MAX_LIST), target.group().settings().responseTimeout())
			.doOnError((_) -> answered.connection().dispose())
			.onErrorMap((ex) -> TransportFailure.of(ex).problem(target.group().settings()))
			.flatMap((body) -> {
				target.group().upstreams().succeeded(target.upstream());
				return whole(request, response, edit.apply(body));
			});
	}

	private Mono<Void> stream(ProxyRequest request, HttpServerResponse response, Target target, Connection upstream) {
		Connection caller = (Connection) request.request();
		StreamGuard guard = new StreamGuard(this.deadlines, target.group().settings().streamIdleTimeout(),
				() -> caller.channel().isWritable(), () -> silent(request, target, caller));
		guard.start();
		BatchedBody body = BatchedBody.of(upstream, guard);
		return body.wholeAtOnce()
			.flatMap((whole) -> whole ? response.send(Mono.fromSupplier(body::takeWhole)).then()
					: response.send(body.onErrorMap(UpstreamCut::new)).then())
			.doOnSuccess((_) -> target.group().upstreams().succeeded(target.upstream()))
			.onErrorResume((ex) -> cut(request, target, ex))
			.doFinally((_) -> {
				guard.end();
				// Whatever the end, what has arrived and was not handed on is let go.
				body.cancel();
			});
	}

	private static void silent(ProxyRequest request, Target target, Connection caller) {
		logger.debug("Request {} was silent longer than stream-idle-timeout", request.id());
		target.group().upstreams().failed(target.upstream());
		caller.dispose();
	}

	/** The head is out: all that is left is to end visibly broken. */
	private static Mono<Void> cut(ProxyRequest request, Target target, Throwable error) {
		if (error instanceof UpstreamCut) {
			logger.debug("Request {} was cut by its upstream", request.id());
			target.group().upstreams().failed(target.upstream());
		}
		return Connections.close(request.response());
	}

	private static HttpServerResponse head(ProxyRequest request, HttpResponseStatus status, HttpHeaders from) {
		HttpServerResponse response = request.response().status(status);
		HttpHeaders headers = response.responseHeaders();
		OutgoingHeaders.copyResponse(from, headers);
		if (!headers.contains(RecordFilter.REQUEST_ID)) {
			headers.set(RecordFilter.REQUEST_ID, request.id());
		}
		return response;
	}

	/** An upstream that broke off; the cause stays inside. */
	private static final class UpstreamCut extends RuntimeException {

		UpstreamCut(Throwable cause) {
			super("upstream broke off", cause, false, false);
		}

	}

}
