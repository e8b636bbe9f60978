package io.keymux.gateway.management;

import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.server.ServerWebExchange;

/**
 * Opens the management API to those who may manage, each as far as his role goes; keeps
 * its hands off the proxy.
 */
@Configuration(proxyBeanMethods = false)
class ManagementSecurity {

	private static final String PROXY = "/proxy/";

	private static final String[] PROTECTED = { "/api/**", "/v3/api-docs/**", "/v3/api-docs.yaml" };

	/**
	 * Whether a request is for a provider: callers authenticate there with access keys.
	 */
	static boolean isProxy(ServerWebExchange exchange) {
		return exchange.getRequest().getURI().getRawPath().startsWith(PROXY);
	}

	/** Paths of the proxy are the provider's business: encoded slashes must survive. */
	@Bean
	ServerWebExchangeFirewall firewall() {
		StrictServerWebExchangeFirewall strict = new StrictServerWebExchangeFirewall();
		return (exchange) -> isProxy(exchange) ? Mono.just(exchange) : strict.getFirewalledExchange(exchange);
	}

	@Bean
	ServerExchangeRejectedHandler rejectedHandler(ProblemWriter problems) {
		return (exchange, _) -> problems.write(exchange,
				ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The request is malformed."));
	}

	@Bean
	SecurityWebFilterChain managementChain(ServerHttpSecurity http, BearerAuthentication bearerAuthentication,
			Permissions permissions) {
		AuthenticationWebFilter bearer = new AuthenticationWebFilter(bearerAuthentication);
		bearer.setRequiresAuthenticationMatcher(ServerWebExchangeMatchers.pathMatchers(PROTECTED));
		bearer.setServerAuthenticationConverter(bearerAuthentication);
		return http.securityMatcher(ManagementSecurity::outsideProxy)
			.authorizeExchange(
					(exchanges) -> exchanges.pathMatchers(PROTECTED).access(permissions).anyExchange().permitAll())
			.addFilterAt(bearer, SecurityWebFiltersOrder.AUTHENTICATION)
			.exceptionHandling((handling) -> handling
				.authenticationEntryPoint((_, _) -> Mono.error(SecurityProblem.unauthenticated()))
				.accessDeniedHandler((exchange, _) -> Mono
					.error(SecurityProblem.roleNeeded(permissions.needed(exchange.getRequest())))))
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
			.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
			.formLogin(ServerHttpSecurity.FormLoginSpec::disable)
			.logout(ServerHttpSecurity.LogoutSpec::disable)
			.requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
			.build();
	}

	private static Mono<MatchResult> outsideProxy(ServerWebExchange exchange) {
		return isProxy(exchange) ? MatchResult.notMatch() : MatchResult.match();
	}

}
