package io.keymux.gateway.proxy;

import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one route of the gateway; groups are looked up, never walked through. */
@Configuration(proxyBeanMethods = false)
class GatewayRoutes {

	@Bean
	RouteLocator proxyRoute(RouteLocatorBuilder routes) {
		// The URI is a formality: AttemptFilter knows the upstream only when it has
		// leased a key.
		return routes.routes()
			.route("proxy", (route) -> route.predicate(ProxyRequest::matches).uri("http://keymux.invalid"))
			.build();
	}

}
