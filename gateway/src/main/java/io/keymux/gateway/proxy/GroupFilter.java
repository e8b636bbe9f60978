package io.keymux.gateway.proxy;

import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.ServingGroup;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Finds the group a request is for. */
@Component
@Order(FilterOrder.GROUP)
class GroupFilter implements GlobalFilter {

	static final ExchangeKey<ServingGroup> GROUP = ExchangeKey.of(ServingGroup.class);

	private final Catalog catalog;

	GroupFilter(Catalog catalog) {
		this.catalog = catalog;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		ProxyRequest request = ProxyRequest.KEY.get(exchange);
		ServingGroup group = this.catalog.snapshot().find(request.group());
		if (group == null) {
			return Mono.error(ProxyProblem.groupNotFound(request.group()));
		}
		tell(request, group);
		if (request.climbs()) {
			return Mono.error(ProxyProblem.invalidPath());
		}
		if (!group.readable()) {
			return Mono.error(ProxyProblem.secretsUnreadable(group.name()));
		}
		GROUP.set(exchange, group);
		return chain.filter(exchange);
	}

	/** Tells the record of a request which group was asked, and for what. */
	static void tell(ProxyRequest request, ServingGroup group) {
		request.record()
			.group(group.name(), group.provider(), group.provider().dialect(request.path()).operation(request.path()),
					group.settings());
	}

}
