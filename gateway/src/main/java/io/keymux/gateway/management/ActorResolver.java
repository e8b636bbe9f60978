package io.keymux.gateway.management;

import io.keymux.gateway.access.ClientAddress;
import io.keymux.gateway.admin.AdminAuthentication;
import io.keymux.gateway.audit.Actor;
import reactor.core.publisher.Mono;

import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import org.springframework.web.server.ServerWebExchange;

/** Tells controllers who makes the request and from where. */
@Component
class ActorResolver implements HandlerMethodArgumentResolver, WebFluxConfigurer {

	private final ClientAddress clientAddress;

	ActorResolver(ClientAddress clientAddress) {
		this.clientAddress = clientAddress;
	}

	@Override
	public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
		configurer.addCustomResolver(this);
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == Actor.class;
	}

	@Override
	public Mono<Object> resolveArgument(MethodParameter parameter, BindingContext bindingContext,
			ServerWebExchange exchange) {
		return exchange.<AdminAuthentication>getPrincipal()
			.switchIfEmpty(Mono.error(SecurityProblem::unauthenticated))
			.map((authentication) -> authentication.getPrincipal().actor(this.clientAddress.of(exchange)));
	}

}
