package io.keymux.gateway.management;

import java.util.Objects;

import io.keymux.gateway.admin.Role;
import io.keymux.gateway.oidc.OidcLogin;
import io.keymux.gateway.session.SessionCookies;
import io.keymux.gateway.session.SessionCsrf;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRequestAttributeHandler;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;

/**
 * Opens the management API to those who may manage, each as far as his role goes; keeps
 * its hands off the proxy.
 */
@Configuration(proxyBeanMethods = false)
class ManagementSecurity {

	private static final String PROXY = "/proxy/";

	private static final String[] PROTECTED = { "/api/**", "/v3/api-docs/**", "/v3/api-docs.yaml" };

	private static final int MAX_LOGIN = 8192;

	/**
	 * Whether a request is for a provider: callers authenticate there with access keys.
	 */
	static boolean isProxy(ServerWebExchange exchange) {
		return exchange.getRequest().getPath().pathWithinApplication().value().startsWith(PROXY);
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
			Permissions permissions, SessionCookies sessions, SessionCsrf sessionCsrf,
			ObjectProvider<OidcLogin> oidcLogin) {
		oidcLogin.ifAvailable(http::oauth2Login);
		AuthenticationWebFilter bearer = new AuthenticationWebFilter(bearerAuthentication);
		bearer.setRequiresAuthenticationMatcher(ServerWebExchangeMatchers.pathMatchers(PROTECTED));
		bearer.setServerAuthenticationConverter(bearerAuthentication);
		return http.securityMatcher(ManagementSecurity::outsideProxy)
			.authorizeExchange(
					(exchanges) -> exchanges.pathMatchers(PROTECTED).access(permissions).anyExchange().permitAll())
			.addFilterBefore(ManagementSecurity::limitLogin, SecurityWebFiltersOrder.CSRF)
			.addFilterAt(bearer, SecurityWebFiltersOrder.AUTHENTICATION)
			.exceptionHandling((handling) -> handling
				.authenticationEntryPoint((_, _) -> Mono.error(SecurityProblem.unauthenticated()))
				.accessDeniedHandler((exchange,
						_) -> Mono.error(SecurityProblem.roleNeeded(
								Objects.requireNonNullElse(permissions.needed(exchange.getRequest()), Role.ADMIN)))))
			.securityContextRepository(sessions)
			.csrf((csrf) -> csrf.csrfTokenRepository(sessionCsrf)
				.requireCsrfProtectionMatcher(
						(exchange) -> isLogin(exchange) ? MatchResult.notMatch() : sessionCsrf.matches(exchange))
				.csrfTokenRequestHandler(new ServerCsrfTokenRequestAttributeHandler())
				.accessDeniedHandler((_, _) -> Mono.error(SecurityProblem.csrfTokenNeeded())))
			.httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
			.formLogin(ServerHttpSecurity.FormLoginSpec::disable)
			.logout(ServerHttpSecurity.LogoutSpec::disable)
			.requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
			.build();
	}

	private static boolean isLogin(ServerWebExchange exchange) {
		return HttpMethod.POST.equals(exchange.getRequest().getMethod())
				&& exchange.getRequest().getPath().value().equals("/api/login");
	}

	/** Anybody may send a login: nobody makes us hold more than a key. */
	private static Mono<Void> limitLogin(ServerWebExchange exchange, WebFilterChain chain) {
		if (!isLogin(exchange)) {
			return chain.filter(exchange);
		}
		ServerHttpRequest limited = new ServerHttpRequestDecorator(exchange.getRequest()) {
			@Override
			public Flux<DataBuffer> getBody() {
				return DataBufferUtils.takeUntilByteCount(super.getBody(), MAX_LOGIN);
			}
		};
		return chain.filter(exchange.mutate().request(limited).build());
	}

	private static Mono<MatchResult> outsideProxy(ServerWebExchange exchange) {
		return isProxy(exchange) ? MatchResult.notMatch() : MatchResult.match();
	}

}
