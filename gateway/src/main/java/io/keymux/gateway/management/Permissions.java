package io.keymux.gateway.management;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.keymux.gateway.admin.AdminAuthentication;
import io.keymux.gateway.admin.Role;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Which role each route needs: the first line that fits decides. */
@Component
class Permissions implements ReactiveAuthorizationManager<AuthorizationContext> {

	private static final Set<HttpMethod> READ = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

	private static final Set<HttpMethod> ANY = Set.of(HttpMethod.values());

	private static final List<Line> TABLE = List.of( //
			line(Set.of(HttpMethod.POST), "/api/login", null), //
			line(READ, "/me", null), //
			line(ANY, "/api/tokens/**", Role.ADMIN), //
			line(ANY, "/api/groups/*/keys/export", Role.ADMIN), //
			line(READ, "/api/export", (query) -> asksFor(query, "secrets"), Role.ADMIN), //
			line(ANY, "/api/import", Role.ADMIN), //
			line(READ, "/api/encryption", Role.VIEWER), //
			line(ANY, "/api/encryption/**", Role.ADMIN), //
			line(ANY, "/api/logout", Role.VIEWER), //
			line(READ, "/**", Role.VIEWER), //
			line(ANY, "/**", Role.OPERATOR));

	/** Always decides: without a decision, Spring Security would ask the next rule. */
	@Override
	public Mono<AuthorizationResult> authorize(Mono<Authentication> authentication, AuthorizationContext context) {
		@Nullable Role needed = needed(context.getExchange().getRequest());
		return authentication
			.map((who) -> who instanceof AdminAuthentication admin
					&& (needed == null || admin.getPrincipal().role().includes(needed)))
			.defaultIfEmpty(needed == null)
			.map(AuthorizationDecision::new);
	}

	/** What a request needs, or null if anybody may send it. */
	@Nullable Role needed(ServerHttpRequest request) {
		return needed(request.getMethod(), request.getPath().pathWithinApplication(), request.getQueryParams());
	}

	/** What a path needs without a query. */
	@Nullable Role needed(HttpMethod method, String path) {
		return needed(method, PathContainer.parsePath(path), MultiValueMap.fromSingleValue(Map.of()));
	}

	private static @Nullable Role needed(HttpMethod method, PathContainer path, MultiValueMap<String, String> query) {
		for (Line line : TABLE) {
			if (line.methods().contains(method) && line.path().matches(path) && line.query().test(query)) {
				return line.role();
			}
		}
		return Role.ADMIN;
	}

	/** Anything but a plain no: how a value is read is decided elsewhere. */
	private static boolean asksFor(MultiValueMap<String, String> query, String parameter) {
		List<String> values = query.getOrDefault(parameter, List.of());
		return values.stream().anyMatch((value) -> !"false".equals(value));
	}

	private static Line line(Set<HttpMethod> methods, String path, @Nullable Role role) {
		return line(methods, path, (_) -> true, role);
	}

	private static Line line(Set<HttpMethod> methods, String path, Predicate<MultiValueMap<String, String>> query,
			@Nullable Role role) {
		return new Line(methods, PathPatternParser.defaultInstance.parse(path), query, role);
	}

	/** Requests that need a role. */
	private record Line(Set<HttpMethod> methods, PathPattern path, Predicate<MultiValueMap<String, String>> query,
			@Nullable Role role) {
	}

}
