package io.keymux.gateway.oidc;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.keymux.gateway.access.ClientAddress;
import io.keymux.gateway.admin.Credential;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.session.Logins;
import io.keymux.gateway.session.SessionCookies;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.user.OAuth2User;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.authentication.ServerAuthenticationFailureHandler;
import org.springframework.security.web.server.authentication.ServerAuthenticationSuccessHandler;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.HtmlUtils;

/** Ends a login through the provider: with a session, or with a refusal. */
class OidcEnd implements ServerAuthenticationSuccessHandler, ServerAuthenticationFailureHandler {

	/** What anybody gets who asks without having begun; not worth a line in the log. */
	private static final String NOTHING_BEGUN = "authorization_request_not_found";

	private static final Logger logger = LoggerFactory.getLogger(OidcEnd.class);

	private final OidcRoles roles;

	private final Logins logins;

	private final SessionCookies cookies;

	private final ClientAddress clientAddress;

	OidcEnd(OidcRoles roles, Logins logins, SessionCookies cookies, ClientAddress clientAddress) {
		this.roles = roles;
		this.logins = logins;
		this.cookies = cookies;
		this.clientAddress = clientAddress;
	}

	@Override
	public Mono<Void> onAuthenticationSuccess(WebFilterExchange filterExchange, Authentication authentication) {
		ServerWebExchange exchange = filterExchange.getExchange();
		Map<String, Object> claims = (authentication.getPrincipal() instanceof OAuth2User user) ? user.getAttributes()
				: Map.of();
		String address = this.clientAddress.of(exchange);
		Credential credential = this.roles.credential(claims);
		if (credential == null) {
			return refuse(this.roles.name(claims), address);
		}
		return Mono.fromCallable(() -> this.logins.begin(credential, address))
			.subscribeOn(Schedulers.boundedElastic())
			.doOnNext((session) -> this.cookies.set(exchange, session))
			.flatMap((_) -> goOn(exchange));
	}

	@Override
	public Mono<Void> onAuthenticationFailure(WebFilterExchange filterExchange, AuthenticationException failure) {
		String code = (failure instanceof OAuth2AuthenticationException refused) ? refused.getError().getErrorCode()
				: "unknown";
		if (!code.equals(NOTHING_BEGUN)) {
			logger.warn("A login through the OpenID provider failed: {}", failure.getMessage());
		}
		return Mono.error(new ResponseStatusException(HttpStatus.UNAUTHORIZED,
				"The login through the OpenID provider failed (%s). Try again.".formatted(code)));
	}

	private Mono<Void> refuse(String name, String address) {
		return Mono.fromRunnable(() -> this.logins.refuse(new Actor(name, Actor.Kind.OIDC, address), "login"))
			.subscribeOn(Schedulers.boundedElastic())
			.then(Mono.error(() -> new ResponseStatusException(HttpStatus.FORBIDDEN,
					"'%s' is known to the OpenID provider, but has no role here.".formatted(name))));
	}

	private static Mono<Void> goOn(ServerWebExchange exchange) {
		ServerHttpResponse response = exchange.getResponse();
		byte[] page = page(HtmlUtils.htmlEscape(OidcRequests.returnTo(exchange))).getBytes(StandardCharsets.UTF_8);
		response.getHeaders().setContentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8));
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(page)));
	}

	/**
	 * Not a redirect: browsers withhold a SameSite=Strict cookie from requests that the
	 * provider's site set off, and a redirect is still one of them.
	 */
	private static String page(String next) {
		return """
				<!doctype html>
				<html lang="en">
				<head><meta charset="utf-8"><title>Keymux</title><meta http-equiv="refresh" content="0;url=%1$s"></head>
				<body><p>You are logged in. <a href="%1$s">Go on</a></p></body>
				</html>
				""".formatted(next);
	}

}
