package io.keymux.gateway.proxy;

import io.keymux.gateway.access.ClientAddress;
import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.provider.Provider;
import io.keymux.gateway.provider.Providers;
import io.keymux.gateway.provider.Refusal;
import io.keymux.gateway.record.RequestEnd;
import io.keymux.gateway.recording.OpenRecord;
import io.keymux.gateway.recording.Recordings;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Opens what is known about a request, and renders what is refused further in. */
@Component
@Order(FilterOrder.RECORD)
class RecordFilter implements GlobalFilter {

	static final String REQUEST_ID = "x-request-id";

	private static final String TRACE_PARENT = "traceparent";

	private static final Logger logger = LoggerFactory.getLogger(RecordFilter.class);

	private final RequestIds ids;

	private final Catalog catalog;

	private final Recordings recordings;

	private final ClientAddress clientAddress;

	RecordFilter(RequestIds ids, Catalog catalog, Recordings recordings, ClientAddress clientAddress) {
		this.ids = ids;
		this.catalog = catalog;
		this.recordings = recordings;
		this.clientAddress = clientAddress;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		String id = this.ids.next();
		HttpServerRequest wire = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
		OpenRecord record = this.recordings.open(id, this.clientAddress.of(wire),
				wire.requestHeaders().get(TRACE_PARENT));
		ProxyRequest request = ProxyRequest.of(exchange, id, record);
		ProxyRequest.KEY.set(exchange, request);
		return chain.filter(exchange)
			.onErrorResume((ex) -> answer(request, ex))
			.doFinally((signal) -> finish(record, signal));
	}

	/** What does not end as it should has been left by its caller. */
	private static void finish(OpenRecord record, SignalType signal) {
		if (signal != SignalType.ON_COMPLETE) {
			record.ends(RequestEnd.CANCELLED);
		}
		record.finished();
	}

	private Mono<Void> answer(ProxyRequest request, Throwable error) {
		HttpServerResponse response = request.response();
		if (response.hasSentHeaders()) {
			logger.warn("Request {} failed after its head was sent", request.id(), error);
			return Connections.close(response);
		}
		ProxyProblem problem = problem(request, error);
		Refusal refusal = problem.refusal();
		byte[] body = dialect(request).render(refusal, request.id());
		problem.tell(request.record());
		HttpHeaders headers = response.status(refusal.status()).responseHeaders();
		headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
			.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length)
			.set(REQUEST_ID, request.id());
		if (!headers.contains(AnswerRelay.ATTEMPTS)) {
			headers.setInt(AnswerRelay.ATTEMPTS, 0);
		}
		if (refusal.retryAfter() != null) {
			headers.set(HttpHeaderNames.RETRY_AFTER, String.valueOf(Math.max(1, refusal.retryAfter().toSeconds())));
		}
		if (refusal.status() == 413) {
			// The rest of the body is not worth reading.
			headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
		}
		request.record().handedOn(body.length);
		return response.send(Mono.just(Unpooled.wrappedBuffer(body))).then();
	}

	private static ProxyProblem problem(ProxyRequest request, Throwable error) {
		if (error instanceof ProxyProblem problem) {
			return problem;
		}
		logger.error("Request {} failed", request.id(), error);
		return ProxyProblem.internal();
	}

	private Provider dialect(ProxyRequest request) {
		ServingGroup group = this.catalog.snapshot().find(request.group());
		if (group != null) {
			GroupFilter.tell(request, group);
		}
		return (group != null) ? group.provider().dialect(request.path())
				: Providers.guess(request.path(), request.credential().place());
	}

}
