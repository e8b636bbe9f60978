package io.keymux.gateway.session;

import java.time.Duration;
import java.util.Optional;

import io.keymux.gateway.access.ClientAddress;
import io.keymux.gateway.admin.AdminAuthentication;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.server.context.ServerSecurityContextRepository;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Keeps a session in a cookie of the browser. */
@Component
public class SessionCookies implements ServerSecurityContextRepository {

	/** Name of the cookie. */
	public static final String NAME = "keymux-session";

	private static final String SESSION = SessionCookies.class.getName();

	private final Sessions sessions;

	private final ClientAddress clientAddress;

	SessionCookies(Sessions sessions, ClientAddress clientAddress) {
		this.sessions = sessions;
		this.clientAddress = clientAddress;
	}

	/**
	 * The session a request belongs to; looked up once a request.
	 * @param exchange the request
	 * @return the session, or null if there is none that is still good
	 */
	public @Nullable Session session(ServerWebExchange exchange) {
		Optional<Session> known = exchange.getAttribute(SESSION);
		if (known == null) {
			HttpCookie cookie = exchange.getRequest().getCookies().getFirst(NAME);
			known = Optional.ofNullable(cookie).map((present) -> this.sessions.open(present.getValue()));
			exchange.getAttributes().put(SESSION, known);
		}
		return known.orElse(null);
	}

	/**
	 * Gives a session to the browser.
	 * @param exchange the request that began it
	 * @param session the session
	 */
	public void set(ServerWebExchange exchange, Session session) {
		add(exchange, this.sessions.seal(session), Duration.between(session.issuedAt(), session.expiresAt()));
	}

	/**
	 * Takes the session from the browser.
	 * @param exchange the request that ended it
	 */
	public void clear(ServerWebExchange exchange) {
		add(exchange, "", Duration.ZERO);
	}

	@Override
	public Mono<SecurityContext> load(ServerWebExchange exchange) {
		return Mono.fromSupplier(() -> {
			Session session = session(exchange);
			return (session != null) ? new SecurityContextImpl(new AdminAuthentication(session.administrator())) : null;
		});
	}

	/**
	 * Sessions begin with {@link Logins}, which notes it; a request alone begins none.
	 */
	@Override
	public Mono<Void> save(ServerWebExchange exchange, @Nullable SecurityContext context) {
		return (context != null) ? Mono.empty() : Mono.fromRunnable(() -> clear(exchange));
	}

	private void add(ServerWebExchange exchange, String value, Duration maxAge) {
		exchange.getResponse()
			.addCookie(ResponseCookie.from(NAME, value)
				.httpOnly(true)
				.secure(this.clientAddress.encrypted(exchange))
				.sameSite("Strict")
				.path("/")
				.maxAge(maxAge)
				.build());
	}

}
