package io.keymux.gateway.management;

import io.keymux.gateway.access.AdminKey;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.server.ServerWebExchange;

/** Opens the management API to the admin key alone; keeps its hands off the proxy. */
@Configuration(proxyBeanMethods = false)
class ManagementSecurity {

	private static final String PROXY = "/proxy/";

	private static final String[] PROTECTED = { "/api/**", "/v3/api-docs/**", "/v3/api-docs.yaml" };

	private static final String BEARER = "Bearer ";

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
	ReactiveAuthenticationManager administrators(AdminKey adminKey) {
		return (presented) -> adminKey.matches(String.valueOf(presented.getCredentials()))
				? Mono.just(UsernamePasswordAuthenticationToken.authenticated("admin", null,
						AuthorityUtils.createAuthorityList("ROLE_ADMIN")))
				: Mono.error(new BadCredentialsException("Not the admin key"));
	}

	@Bean
	SecurityWebFilterChain managementChain(ServerHttpSecurity http, ReactiveAuthenticationManager administrators,
			ProblemWriter problems) {
		AuthenticationWebFilter bearer = new AuthenticationWebFilter(administrators);
		bearer.setRequiresAuthenticationMatcher(ServerWebExchangeMatchers.pathMatchers(PROTECTED));
		bearer.setServerAuthenticationConverter(ManagementSecurity::bearer);
		bearer.setAuthenticationFailureHandler((exchange, _) -> problems.unauthorized(exchange.getExchange()));
		return http.securityMatcher(ManagementSecurity::outsideProxy)
			.authorizeExchange(
					(exchanges) -> exchanges.pathMatchers(PROTECTED).authenticated().anyExchange().permitAll())
			.addFilterAt(bearer, SecurityWebFiltersOrder.AUTHENTICATION)
			.exceptionHandling(
					(handling) -> handling.authenticationEntryPoint((exchange, _) -> problems.unauthorized(exchange)))
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

	private static Mono<Authentication> bearer(ServerWebExchange exchange) {
		String header = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
		if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
			return Mono.empty();
		}
		return Mono.just(UsernamePasswordAuthenticationToken.unauthenticated("admin",
				header.substring(BEARER.length()).strip()));
	}

}
