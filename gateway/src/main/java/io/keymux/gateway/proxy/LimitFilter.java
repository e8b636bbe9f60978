package io.keymux.gateway.proxy;

import java.util.concurrent.atomic.AtomicInteger;

import io.keymux.gateway.setting.SystemSettings;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Refuses what this node cannot work on at once. */
@Component
@Order(FilterOrder.LIMIT)
class LimitFilter implements GlobalFilter {

	private final SystemSettings settings;

	private final AtomicInteger inFlight = new AtomicInteger();

	LimitFilter(SystemSettings settings) {
		this.settings = settings;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Integer limit = this.settings.effective().maxInFlight();
		return (limit == null) ? chain.filter(exchange) : limited(limit, chain.filter(exchange));
	}

	private Mono<Void> limited(int limit, Mono<Void> rest) {
		return Mono.defer(() -> {
			if (this.inFlight.incrementAndGet() > limit) {
				this.inFlight.decrementAndGet();
				return Mono.error(ProxyProblem.overloaded(limit));
			}
			return rest.doFinally((_) -> this.inFlight.decrementAndGet());
		});
	}

}
