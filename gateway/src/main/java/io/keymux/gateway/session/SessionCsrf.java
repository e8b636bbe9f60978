package io.keymux.gateway.session;

import java.util.Set;

import io.keymux.gateway.admin.BearerKey;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.security.web.server.csrf.DefaultCsrfToken;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRepository;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Asks for a session's CSRF token, in a header or a form field, where a browser might
 * have sent the cookie without its user. A browser never sends a Bearer key by itself.
 */
@Component
public class SessionCsrf implements ServerCsrfTokenRepository, ServerWebExchangeMatcher {

	private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

	private final SessionCookies cookies;

	private final Sessions sessions;

	SessionCsrf(SessionCookies cookies, Sessions sessions) {
		this.cookies = cookies;
		this.sessions = sessions;
	}

	@Override
	public Mono<MatchResult> matches(ServerWebExchange exchange) {
		boolean byCookie = !SAFE.contains(exchange.getRequest().getMethod()) && BearerKey.in(exchange) == null
				&& this.cookies.session(exchange) != null;
		return byCookie ? MatchResult.match() : MatchResult.notMatch();
	}

	@Override
	public Mono<CsrfToken> loadToken(ServerWebExchange exchange) {
		return Mono.fromSupplier(() -> {
			Session session = this.cookies.session(exchange);
			return (session != null) ? new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", this.sessions.csrfToken(session))
					: null;
		});
	}

	/** Without a session there is nothing to protect. */
	@Override
	public Mono<CsrfToken> generateToken(ServerWebExchange exchange) {
		return Mono.empty();
	}

	/** It follows from the session. */
	@Override
	public Mono<Void> saveToken(ServerWebExchange exchange, @Nullable CsrfToken token) {
		return Mono.empty();
	}

}
