package io.keymux.gateway.proxy;

import java.time.Duration;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.record.RequestEnd;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Sends a request, attempt by attempt, and relays the answer; nothing comes after it. */
@Component
@Order(FilterOrder.ATTEMPT)
class AttemptFilter implements GlobalFilter {

	private final AttemptTools tools;

	AttemptFilter(AttemptTools tools) {
		this.tools = tools;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		ProxyRequest request = ProxyRequest.KEY.get(exchange);
		ServingGroup group = GroupFilter.GROUP.get(exchange);
		Caller caller = AccessFilter.CALLER.get(exchange);
		Mono<Void> attempts = new AttemptLoop(this.tools, request, group, caller, Outgoing.KEY.get(exchange)).run();
		Duration limit = group.settings().requestTimeout();
		return (limit == null) ? attempts : attempts.timeout(limit, Mono.defer(() -> expired(request, limit)));
	}

	private static Mono<Void> expired(ProxyRequest request, Duration limit) {
		request.record().ends(RequestEnd.TIMEOUT);
		return request.response().hasSentHeaders() ? Connections.close(request.response())
				: Mono.error(ProxyProblem.timeout("request-timeout", limit));
	}

}
