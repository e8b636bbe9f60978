package io.keymux.admin;

import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Hands every page the CSRF token its forms send back, and so sets its cookie. */
@ControllerAdvice
class CsrfTokenAdvice {

	@ModelAttribute("_csrf")
	Mono<CsrfToken> token(ServerWebExchange exchange) {
		return exchange.getAttributeOrDefault(CsrfToken.class.getName(), Mono.empty());
	}

}
