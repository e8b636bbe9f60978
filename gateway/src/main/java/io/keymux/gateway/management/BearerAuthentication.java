package io.keymux.gateway.management;

import io.keymux.gateway.access.ClientAddress;
import io.keymux.gateway.admin.AdminAuthentication;
import io.keymux.gateway.admin.Admission;
import io.keymux.gateway.admin.BearerKey;
import io.keymux.gateway.admin.Verdict;
import reactor.core.publisher.Mono;

import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Takes the admin key or an API token from the Authorization header. */
@Component
class BearerAuthentication implements ServerAuthenticationConverter, ReactiveAuthenticationManager {

	private final Admission admission;

	private final ClientAddress clientAddress;

	BearerAuthentication(Admission admission, ClientAddress clientAddress) {
		this.admission = admission;
		this.clientAddress = clientAddress;
	}

	@Override
	public Mono<Authentication> convert(ServerWebExchange exchange) {
		String key = BearerKey.in(exchange);
		return (key != null)
				? Mono.just(UsernamePasswordAuthenticationToken.unauthenticated(this.clientAddress.of(exchange), key))
				: Mono.empty();
	}

	@Override
	public Mono<Authentication> authenticate(Authentication presented) {
		return switch (this.admission.judge(String.valueOf(presented.getCredentials()), presented.getName())) {
			case Verdict.Admitted(var credential) -> Mono.just(new AdminAuthentication(credential.administrator()));
			case Verdict.Refused() -> Mono.error(SecurityProblem.wrongKey());
			case Verdict.Throttled(var retryAfter) -> Mono.error(SecurityProblem.throttled(retryAfter));
		};
	}

}
