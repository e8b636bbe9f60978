package io.keymux.gateway.management;

import java.time.Instant;

import io.keymux.gateway.access.ClientAddress;
import io.keymux.gateway.admin.Administrator;
import io.keymux.gateway.admin.Role;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.session.Login;
import io.keymux.gateway.session.Logins;
import io.keymux.gateway.session.Session;
import io.keymux.gateway.session.SessionCookies;
import io.keymux.gateway.session.Sessions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Logging in and out over HTTP. */
@Tag(name = "Session")
@RestController
@RequestMapping(path = "/api", produces = MediaType.APPLICATION_JSON_VALUE)
class SessionController {

	private final Logins logins;

	private final Sessions sessions;

	private final SessionCookies cookies;

	private final ClientAddress clientAddress;

	SessionController(Logins logins, Sessions sessions, SessionCookies cookies, ClientAddress clientAddress) {
		this.logins = logins;
		this.sessions = sessions;
		this.cookies = cookies;
		this.clientAddress = clientAddress;
	}

	@Operation(summary = "Logs in with the admin key or an API token",
			description = "The answer sets the session's cookie. Whatever the session changes needs csrfToken as the header X-CSRF-TOKEN.")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(schema = @Schema(implementation = Key.class)))
	@PostMapping(path = "/login", consumes = MediaType.APPLICATION_JSON_VALUE)
	Shown login(ServerWebExchange exchange, @RequestBody JsonNode body) {
		return switch (this.logins.login(key(body), this.clientAddress.of(exchange))) {
			case Login.Begun(var session) -> {
				this.cookies.set(exchange, session);
				yield shown(session);
			}
			case Login.Refused() -> throw SecurityProblem.wrongKey();
			case Login.Throttled(var retryAfter) -> throw SecurityProblem.throttled(retryAfter);
		};
	}

	@Operation(summary = "Shows who is logged in",
			description = "Asked with a Bearer key, it shows whose key that is; expiresAt and csrfToken belong to sessions.")
	@GetMapping("/session")
	Shown session(ServerWebExchange exchange, @AuthenticationPrincipal Administrator administrator) {
		Session session = this.cookies.session(exchange);
		return (session != null && session.administrator().equals(administrator)) ? shown(session)
				: new Shown(administrator.name(), administrator.role(), administrator.via(), null, null);
	}

	@Operation(summary = "Logs out, on every node")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@PostMapping("/logout")
	ResponseEntity<Void> logout(ServerWebExchange exchange) {
		Session session = this.cookies.session(exchange);
		if (session != null) {
			this.logins.end(session, this.clientAddress.of(exchange));
			this.cookies.clear(exchange);
		}
		return ResponseEntity.noContent().build();
	}

	private Shown shown(Session session) {
		Administrator administrator = session.administrator();
		return new Shown(administrator.name(), administrator.role(), administrator.via(), session.expiresAt(),
				this.sessions.csrfToken(session));
	}

	/** Read by hand, for no error may repeat what was typed. */
	private static String key(JsonNode body) {
		JsonNode key = body.path("key");
		if (!key.isString()) {
			throw new Problem.Invalid("key", "missing, or no text (expected: the admin key or an API token)");
		}
		return key.stringValue();
	}

	/** What someone logs in with. */
	@Schema(name = "Login")
	record Key(String key) {

		@Override
		public String toString() {
			return "Key";
		}

	}

	/** Someone who is logged in, as the API shows him. */
	@Schema(name = "Session")
	record Shown(String name, Role role, Actor.Kind via, @Nullable Instant expiresAt, @Nullable String csrfToken) {

		@Override
		public String toString() {
			return "Session[name=" + this.name + "]";
		}

	}

}
