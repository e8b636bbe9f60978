package io.keymux.gateway.oidc;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity.OAuth2LoginSpec;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.web.server.DefaultServerOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.server.ServerOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.util.MultiValueMap;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ServerWebExchange;

/**
 * Spring Security's login through an OpenID provider, without anything it would keep in
 * memory: {@code /oauth2/authorization/oidc} begins, {@code /login/oauth2/code/oidc} ends
 * it.
 */
public class OidcLogin implements Customizer<OAuth2LoginSpec> {

	private static final ServerWebExchangeMatcher BEGIN = ServerWebExchangeMatchers.pathMatchers(HttpMethod.GET,
			"/oauth2/authorization/{registrationId:oidc}");

	private static final ServerWebExchangeMatcher END = ServerWebExchangeMatchers.pathMatchers(HttpMethod.GET,
			"/login/oauth2/code/{registrationId:oidc}");

	private final OidcProvider provider;

	private final OidcRequests requests;

	private final OidcEnd end;

	OidcLogin(OidcProvider provider, OidcRequests requests, OidcEnd end) {
		this.provider = provider;
		this.requests = requests;
		this.end = end;
	}

	@Override
	public void customize(OAuth2LoginSpec login) {
		login.clientRegistrationRepository(this.provider)
			.authorizationRequestResolver(new DefaultServerOAuth2AuthorizationRequestResolver(this.provider, BEGIN))
			.authorizationRequestRepository(this.requests)
			.authenticationMatcher(OidcLogin::comesBack)
			.authenticationManager(this.provider)
			.authorizedClientRepository(new ForgottenClients())
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
			.authenticationSuccessHandler(this.end)
			.authenticationFailureHandler(this.end);
	}

	/** Anything less is no answer of a provider. */
	private static Mono<MatchResult> comesBack(ServerWebExchange exchange) {
		MultiValueMap<String, String> query = exchange.getRequest().getQueryParams();
		boolean answer = StringUtils.hasText(query.getFirst(OAuth2ParameterNames.CODE))
				|| StringUtils.hasText(query.getFirst(OAuth2ParameterNames.ERROR));
		return answer ? END.matches(exchange) : MatchResult.notMatch();
	}

	/** The provider's tokens are not needed once it is known who logged in. */
	private static final class ForgottenClients implements ServerOAuth2AuthorizedClientRepository {

		@Override
		public <T extends OAuth2AuthorizedClient> Mono<T> loadAuthorizedClient(String clientRegistrationId,
				Authentication principal, ServerWebExchange exchange) {
			return Mono.empty();
		}

		@Override
		public Mono<Void> saveAuthorizedClient(OAuth2AuthorizedClient authorizedClient, Authentication principal,
				ServerWebExchange exchange) {
			return Mono.empty();
		}

		@Override
		public Mono<Void> removeAuthorizedClient(String clientRegistrationId, Authentication principal,
				ServerWebExchange exchange) {
			return Mono.empty();
		}

	}

}
