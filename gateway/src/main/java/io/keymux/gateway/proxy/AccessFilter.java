package io.keymux.gateway.proxy;

import java.time.InstantSource;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.access.Callers;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Lets in only callers with an access key. */
@Component
@Order(FilterOrder.ACCESS)
class AccessFilter implements GlobalFilter {

	static final ExchangeKey<Caller> CALLER = ExchangeKey.of(Caller.class);

	private final Callers callers;

	private final InstantSource time;

	AccessFilter(Callers callers, InstantSource time) {
		this.callers = callers;
		this.time = time;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		ProxyRequest request = ProxyRequest.KEY.get(exchange);
		Caller caller = this.callers.find(request.credential());
		if (caller == null) {
			return Mono.error(ProxyProblem.invalidAccessKey());
		}
		request.record().caller(caller.name(), request.credential().value());
		if (!caller.usable(this.time.instant())) {
			return Mono.error(ProxyProblem.accessDenied("The access key is disabled or has expired."));
		}
		if (!caller.mayUse(request.group())) {
			return Mono
				.error(ProxyProblem.accessDenied("The access key may not use group '%s'.".formatted(request.group())));
		}
		CALLER.set(exchange, caller);
		return chain.filter(exchange);
	}

}
