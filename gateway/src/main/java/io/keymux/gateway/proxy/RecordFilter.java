package io.keymux.gateway.proxy;

import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.provider.Provider;
import io.keymux.gateway.provider.Providers;
import io.keymux.gateway.provider.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Opens what is known about a request, and renders what is refused further in. */
@Component
@Order(FilterOrder.RECORD)
class RecordFilter implements GlobalFilter {

	static final String REQUEST_ID = "x-request-id";

	private static final Logger logger = LoggerFactory.getLogger(RecordFilter.class);

	private final RequestIds ids;

	private final Catalog catalog;

	RecordFilter(RequestIds ids, Catalog catalog) {
		this.ids = ids;
		this.catalog = catalog;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		ProxyRequest request = ProxyRequest.of(exchange, this.ids.next());
		ProxyRequest.KEY.set(exchange, request);
		return chain.filter(exchange).onErrorResume((ex) -> answer(request, ex));
	}

	private Mono<Void> answer(ProxyRequest request, Throwable error) {
		HttpServerResponse response = request.response();
		if (response.hasSentHeaders()) {
			logger.warn("Request {} failed after its head was sent", request.id(), error);
			return Connections.close(response);
		}
		Refusal refusal = refusal(request, error);
		byte[] body = dialect(request).render(refusal, request.id());
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
		return response.send(Mono.just(Unpooled.wrappedBuffer(body))).then();
	}

	private static Refusal refusal(ProxyRequest request, Throwable error) {
		if (error instanceof ProxyProblem problem) {
			return problem.refusal();
		}
		logger.error("Request {} failed", request.id(), error);
		return ProxyProblem.internal().refusal();
	}

	private Provider dialect(ProxyRequest request) {
		ServingGroup group = this.catalog.snapshot().find(request.group());
		return (group != null) ? group.provider().dialect(request.path())
				: Providers.guess(request.path(), request.credential().place());
	}

}
