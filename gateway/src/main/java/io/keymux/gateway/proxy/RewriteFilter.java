package io.keymux.gateway.proxy;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.group.ServingGroup;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Finds the requested model, judges it, and carries out the group's rewrites. */
@Component
@Order(FilterOrder.REWRITE)
class RewriteFilter implements GlobalFilter {

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		ProxyRequest request = ProxyRequest.KEY.get(exchange);
		ServingGroup group = GroupFilter.GROUP.get(exchange);
		Outgoing received = Rewrites.read(group.provider(), request.path(), request.query(),
				RequestBody.KEY.get(exchange));
		request.record().read(received.model(), received.stream());
		ProxyProblem problem = problem(group, AccessFilter.CALLER.get(exchange), received);
		if (problem != null) {
			return Mono.error(problem);
		}
		Outgoing.KEY.set(exchange, Rewrites.apply(group, received));
		return chain.filter(exchange);
	}

	private static @Nullable ProxyProblem problem(ServingGroup group, Caller caller, Outgoing request) {
		String model = request.model();
		if (model == null) {
			boolean needed = request.operation().needsModel()
					&& (group.group().strictModels() || !caller.models().unlimited());
			return needed ? ProxyProblem.modelNotFound("The request names no model, and one is needed here.") : null;
		}
		if (!caller.models().allow(model)) {
			return ProxyProblem.accessDenied("The access key may not use model '%s'.".formatted(model));
		}
		if (!group.allows(model)) {
			return ProxyProblem
				.modelNotFound("Model '%s' is not offered by group '%s'.".formatted(model, group.name()));
		}
		return null;
	}

}
