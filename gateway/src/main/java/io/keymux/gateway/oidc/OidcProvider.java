package io.keymux.gateway.oidc;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeReactiveAuthenticationManager;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcReactiveOAuth2UserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.web.server.ResponseStatusException;

/**
 * The OpenID provider, discovered when it is first needed and asked again after it was
 * not there: the gateway starts without it.
 */
class OidcProvider implements ReactiveClientRegistrationRepository, ReactiveAuthenticationManager {

	static final String ID = "oidc";

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private static final Duration FOREVER = Duration.ofDays(36_500);

	private static final Logger logger = LoggerFactory.getLogger(OidcProvider.class);

	private final OidcProperties.Client client;

	private final List<String> scopes;

	private final String redirectUri;

	private final Mono<ClientRegistration> discovered;

	private final ReactiveAuthenticationManager codes = new OidcAuthorizationCodeReactiveAuthenticationManager(
			new WebClientReactiveAuthorizationCodeTokenResponseClient(), new OidcReactiveOAuth2UserService());

	OidcProvider(OidcProperties.Client client, List<String> scopes, @Nullable String publicUrl) {
		this.client = client;
		this.scopes = scopes;
		this.redirectUri = ((publicUrl != null) ? publicUrl : "{baseUrl}") + "/login/oauth2/code/" + ID;
		this.discovered = Mono.fromCallable(this::discover)
			.subscribeOn(Schedulers.boundedElastic())
			.timeout(PATIENCE)
			.onErrorMap(this::unavailable)
			.cache((_) -> FOREVER, (_) -> Duration.ZERO, () -> Duration.ZERO);
	}

	@Override
	public Mono<ClientRegistration> findByRegistrationId(String registrationId) {
		return registrationId.equals(ID) ? this.discovered : Mono.empty();
	}

	/** Trades the code for tokens; checks state, nonce and signature. */
	@Override
	public Mono<Authentication> authenticate(Authentication authentication) {
		return this.codes.authenticate(authentication)
			.timeout(PATIENCE)
			.onErrorMap((failure) -> !(failure instanceof AuthenticationException), this::unavailable);
	}

	private ClientRegistration discover() {
		return ClientRegistrations.fromIssuerLocation(this.client.issuer())
			.registrationId(ID)
			.clientId(this.client.id())
			.clientSecret(this.client.secret())
			.scope(this.scopes)
			.redirectUri(this.redirectUri)
			.clientSettings(ClientRegistration.ClientSettings.builder().requireProofKey(true).build())
			.build();
	}

	private Throwable unavailable(Throwable failure) {
		logger.warn("The OpenID provider '{}' cannot be used", this.client.issuer(), failure);
		return new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE,
				"The OpenID provider '%s' does not answer as expected; the log of this node says more."
					.formatted(this.client.issuer()));
	}

}
