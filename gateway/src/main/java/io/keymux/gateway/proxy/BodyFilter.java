package io.keymux.gateway.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.body.MultipartScan;
import io.keymux.gateway.group.ServingGroup;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Holds bodies that a retry or a rule needs, up to a bound, and lets all others through.
 */
@Component
@Order(FilterOrder.BODY)
class BodyFilter implements GlobalFilter {

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		ProxyRequest request = ProxyRequest.KEY.get(exchange);
		ServingGroup group = GroupFilter.GROUP.get(exchange);
		HttpHeaders headers = request.headers();
		if (request.webSocket() || !hasBody(headers)) {
			return proceed(exchange, chain, new RequestBody.None());
		}
		String contentType = headers.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
		String boundary = modelMatters(group, AccessFilter.CALLER.get(exchange))
				? MultipartScan.boundary(headers.get(HttpHeaderNames.CONTENT_TYPE, "")) : null;
		long length = length(headers);
		if (boundary == null && streams(contentType)) {
			long max = group.settings().maxUploadSize();
			return (length > max) ? Mono.error(ProxyProblem.bodyTooLarge("max-upload-size", max))
					: proceed(exchange, chain, new RequestBody.Streamed(max));
		}
		long max = group.settings().maxBodySize();
		if (length > max) {
			return Mono.error(ProxyProblem.bodyTooLarge("max-body-size", max));
		}
		boolean json = isJson(contentType) && !headers.contains(HttpHeaderNames.CONTENT_ENCODING);
		return hold(request, max, length).flatMap((bytes) -> {
			request.record().body(bytes, contentType, headers.get(HttpHeaderNames.CONTENT_ENCODING, ""));
			return proceed(exchange, chain, body(bytes, json, boundary));
		});
	}

	private static Mono<Void> proceed(ServerWebExchange exchange, GatewayFilterChain chain, RequestBody body) {
		RequestBody.KEY.set(exchange, body);
		return chain.filter(exchange);
	}

	private static RequestBody body(byte[] bytes, boolean json, @Nullable String boundary) {
		return (boundary != null) ? new RequestBody.HeldMultipart(bytes, boundary) : new RequestBody.Held(bytes, json);
	}

	private static boolean modelMatters(ServingGroup group, Caller caller) {
		return group.modelMatters() || !caller.models().unlimited();
	}

	private static boolean hasBody(HttpHeaders headers) {
		return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
				|| !"0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0"));
	}

	/** The announced length, or -1; the server has refused what is no number. */
	private static long length(HttpHeaders headers) {
		String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
		return (length != null) ? Long.parseLong(length.strip()) : -1;
	}

	private static boolean isJson(String contentType) {
		return contentType.startsWith("application/json") || contentType.contains("+json");
	}

	/** Multipart and binary bodies; text, forms and bodies of no type are small. */
	private static boolean streams(String contentType) {
		return !contentType.isEmpty() && !isJson(contentType) && !contentType.startsWith("text/")
				&& !contentType.startsWith("application/x-www-form-urlencoded");
	}

	private static Mono<byte[]> hold(ProxyRequest request, long max, long length) {
		return request.request()
			.receive()
			.collect(() -> new BoundedBytes(max, Math.clamp(length, 0, 1 << 20)), BoundedBytes::add)
			.map(ByteArrayOutputStream::toByteArray);
	}

	/** Bytes up to a bound; one byte more is refused. */
	private static final class BoundedBytes extends ByteArrayOutputStream {

		private final long max;

		BoundedBytes(long max, int expected) {
			super(Math.max(expected, 32));
			this.max = max;
		}

		void add(ByteBuf buffer) {
			if (this.count + (long) buffer.readableBytes() > this.max) {
				throw ProxyProblem.bodyTooLarge("max-body-size", this.max);
			}
			try {
				buffer.readBytes(this, buffer.readableBytes());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/**
		 * Hands over the buffer itself when it is exactly full, as it is with a known
		 * length.
		 */
		@Override
		public byte[] toByteArray() {
			return (this.count == this.buf.length) ? this.buf : super.toByteArray();
		}

	}

}
