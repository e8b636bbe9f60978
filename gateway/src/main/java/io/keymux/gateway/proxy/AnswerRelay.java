package io.keymux.gateway.proxy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.group.ServingGroup.ServingMember;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.provider.ModelPatterns;
import io.keymux.gateway.provider.Operation;
import io.keymux.gateway.proxy.AttemptLoop.Made;
import io.keymux.gateway.proxy.AttemptResult.Answered;
import io.keymux.gateway.proxy.AttemptResult.Held;
import io.keymux.gateway.record.RecordOutcome;
import io.keymux.gateway.recording.AnswerTap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.stereotype.Component;

/** Relays a provider's answer to the caller: byte for byte, chunk by chunk. */
@Component
class AnswerRelay {

	static final String ATTEMPTS = "x-keymux-attempts";

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
	Mono<Void> held(ProxyRequest request, Held held, RecordOutcome outcome) {
		HttpServerResponse response = head(request, HttpResponseStatus.valueOf(held.status()), held.headers());
		request.record().answered(held.status(), outcome);
		request.record().failed(readable(held));
		AnswerTap tap = tap(request, Operation.OTHER, held.headers());
		tap.arrived(held.body(), 0, held.body().length);
		tap.ended();
		return whole(request, response, held.body());
	}

	private static AnswerTap tap(ProxyRequest request, Operation operation, HttpHeaders headers) {
		return request.record()
			.tap(operation, headers.get(HttpHeaderNames.CONTENT_TYPE, ""),
					headers.get(HttpHeaderNames.CONTENT_ENCODING, ""));
	}

	private static Mono<Void> whole(ProxyRequest request, HttpServerResponse response, byte[] body) {
		request.record().handedOn(body.length);
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
	Mono<Void> live(ProxyRequest request, Made made, Answered answered, @Nullable ModelListEdit edit) {
		Target target = made.target();
		request.record().answered(answered.head().status().code(), RecordOutcome.ACCEPTED);
		HttpServerResponse response = head(request, answered.head().status(), answered.head().responseHeaders());
		this.uploadLinks.rewrite(response.responseHeaders(), request, target.upstream());
		if (edit != null && answered.head().status().code() == 200) {
			return edited(request, response, target, answered, edit);
		}
		AnswerTap tap = tap(request, made.sent().operation(), answered.head().responseHeaders());
		return new LiveAnswer(this.deadlines, request, target, answered.connection(), tap).relay(response);
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

	private static HttpServerResponse head(ProxyRequest request, HttpResponseStatus status, HttpHeaders from) {
		HttpServerResponse response = request.response().status(status);
		HttpHeaders headers = response.responseHeaders();
		OutgoingHeaders.copyResponse(from, headers);
		if (!headers.contains(RecordFilter.REQUEST_ID)) {
			headers.set(RecordFilter.REQUEST_ID, request.id());
		}
		return response;
	}

}
