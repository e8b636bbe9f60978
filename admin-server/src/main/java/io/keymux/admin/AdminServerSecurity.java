package io.keymux.admin;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;

import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.logout.RedirectServerLogoutSuccessHandler;
import org.springframework.security.web.server.csrf.CookieServerCsrfTokenRepository;
import org.springframework.security.web.server.csrf.CsrfWebFilter;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRequestAttributeHandler;
import org.springframework.security.web.server.util.matcher.AndServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.NegatedServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.OrServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;

/**
 * Shows everybody the sign-in page and the health, and anything else to the operator
 * alone.
 */
@Configuration(proxyBeanMethods = false)
class AdminServerSecurity {

	@Bean
	SecurityWebFilterChain filterChain(ServerHttpSecurity http) {
		return http
			.authorizeExchange((exchanges) -> exchanges.matchers(EndpointRequest.to(HealthEndpoint.class))
				.permitAll()
				.pathMatchers("/login", "/assets/**")
				.permitAll()
				.anyExchange()
				.authenticated())
			.formLogin((form) -> form.loginPage("/login"))
			.logout((logout) -> logout.logoutUrl("/logout").logoutSuccessHandler(toLoginPage()))
			.httpBasic(Customizer.withDefaults())
			.csrf((csrf) -> csrf.csrfTokenRepository(CookieServerCsrfTokenRepository.withHttpOnlyFalse())
				// The pages send back the token of the cookie as it is, not masked.
				.csrfTokenRequestHandler(new ServerCsrfTokenRequestAttributeHandler())
				.requireCsrfProtectionMatcher(pages()))
			.build();
	}

	/**
	 * What a browser sends; programs register with their own credentials and no cookie.
	 */
	private static ServerWebExchangeMatcher pages() {
		ServerWebExchangeMatcher registration = new OrServerWebExchangeMatcher(
				ServerWebExchangeMatchers.pathMatchers(HttpMethod.POST, "/instances"),
				ServerWebExchangeMatchers.pathMatchers(HttpMethod.DELETE, "/instances/*"));
		return new AndServerWebExchangeMatcher(CsrfWebFilter.DEFAULT_CSRF_MATCHER,
				new NegatedServerWebExchangeMatcher(registration));
	}

	private static RedirectServerLogoutSuccessHandler toLoginPage() {
		RedirectServerLogoutSuccessHandler handler = new RedirectServerLogoutSuccessHandler();
		handler.setLogoutSuccessUrl(URI.create("/login?logout"));
		return handler;
	}

	@Bean
	PasswordEncoder passwordEncoder() {
		return PasswordEncoderFactories.createDelegatingPasswordEncoder();
	}

	@Bean
	ReactiveUserDetailsService operator(OperatorProperties properties, PasswordEncoder encoder) throws IOException {
		String password = properties.password().isEmpty()
				? new InitialPassword(properties.passwordFile(), new SecureRandom()).readOrGenerate()
				: properties.password();
		return new MapReactiveUserDetailsService(
				User.withUsername(properties.username()).password(encoder.encode(password)).build());
	}

}
