package io.keymux.gateway.oidc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

import io.keymux.gateway.access.ClientAddress;
import io.keymux.gateway.session.SessionSigner;
import io.keymux.gateway.session.SignedText;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.server.ServerAuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.web.server.ServerWebExchange;

/**
 * Keeps a login that is under way in a signed cookie of its browser, so that it may come
 * back to another node. The way back begins at the provider's site, hence SameSite=Lax.
 */
class OidcRequests implements ServerAuthorizationRequestRepository<OAuth2AuthorizationRequest> {

	private static final String NAME = "keymux-oidc";

	private static final String PATH = "/login/oauth2/code/" + OidcProvider.ID;

	private static final Duration LONGEST = Duration.ofMinutes(10);

	private static final String CONSOLE = "/console";

	private static final String RETURN_TO = "return-to";

	private static final JsonMapper json = JsonMapper.shared();

	private final OidcProvider provider;

	private final SignedText cookie;

	private final ClientAddress clientAddress;

	private final InstantSource time;

	OidcRequests(OidcProvider provider, SessionSigner signer, ClientAddress clientAddress, InstantSource time) {
		this.provider = provider;
		this.cookie = signer.signs("oidc request 1");
		this.clientAddress = clientAddress;
		this.time = time;
	}

	/** Where the browser goes after the login that a request belongs to. */
	static String returnTo(ServerWebExchange exchange) {
		return exchange.getAttributeOrDefault(RETURN_TO, CONSOLE);
	}

	@Override
	public Mono<Void> saveAuthorizationRequest(@Nullable OAuth2AuthorizationRequest request,
			ServerWebExchange exchange) {
		return Mono.fromRunnable(() -> {
			if (request != null) {
				UnderWay underWay = new UnderWay(text(request.getState()),
						text(request.getAttribute(OidcParameterNames.NONCE)),
						text(request.getAttribute(PkceParameterNames.CODE_VERIFIER)), text(request.getRedirectUri()),
						safe(exchange.getRequest().getQueryParams().getFirst(RETURN_TO)),
						this.time.instant().getEpochSecond());
				set(exchange, this.cookie.sign(json.writeValueAsString(underWay)), LONGEST);
			}
		});
	}

	@Override
	public Mono<OAuth2AuthorizationRequest> loadAuthorizationRequest(ServerWebExchange exchange) {
		UnderWay underWay = underWay(exchange);
		if (underWay == null) {
			return Mono.empty();
		}
		exchange.getAttributes().put(RETURN_TO, underWay.returnTo());
		return this.provider.findByRegistrationId(OidcProvider.ID).map(underWay::request);
	}

	@Override
	public Mono<OAuth2AuthorizationRequest> removeAuthorizationRequest(ServerWebExchange exchange) {
		return loadAuthorizationRequest(exchange).doOnNext((_) -> set(exchange, "", Duration.ZERO));
	}

	private @Nullable UnderWay underWay(ServerWebExchange exchange) {
		HttpCookie present = exchange.getRequest().getCookies().getFirst(NAME);
		String text = (present != null) ? this.cookie.open(present.getValue()) : null;
		if (text == null) {
			return null;
		}
		UnderWay underWay = json.readValue(text, UnderWay.class);
		boolean live = this.time.instant().isBefore(Instant.ofEpochSecond(underWay.issued()).plus(LONGEST));
		String state = exchange.getRequest().getQueryParams().getFirst(OAuth2ParameterNames.STATE);
		return (live && underWay.state().equals(state)) ? underWay : null;
	}

	private void set(ServerWebExchange exchange, String value, Duration maxAge) {
		exchange.getResponse()
			.addCookie(ResponseCookie.from(NAME, value)
				.httpOnly(true)
				.secure(this.clientAddress.encrypted(exchange))
				.sameSite("Lax")
				.path(PATH)
				.maxAge(maxAge)
				.build());
	}

	/** Only a path of this gateway: a login must not end at somebody else's. */
	private static String safe(@Nullable String returnTo) {
		return (returnTo != null && returnTo.matches("/(?!/)[!-~&&[^\\\\]]*")) ? returnTo : CONSOLE;
	}

	private static String text(@Nullable Object value) {
		return String.valueOf(Objects.requireNonNull(value));
	}

	/** What has to be known when the browser comes back. */
	private record UnderWay(String state, String nonce, String verifier, String redirectUri, String returnTo,
			long issued) {

		OAuth2AuthorizationRequest request(ClientRegistration registration) {
			return OAuth2AuthorizationRequest.authorizationCode()
				.clientId(registration.getClientId())
				.authorizationUri(registration.getProviderDetails().getAuthorizationUri())
				.redirectUri(this.redirectUri)
				.scopes(registration.getScopes())
				.state(this.state)
				.attributes(Map.of(OAuth2ParameterNames.REGISTRATION_ID, OidcProvider.ID, OidcParameterNames.NONCE,
						this.nonce, PkceParameterNames.CODE_VERIFIER, this.verifier))
				.build();
		}

		@Override
		public String toString() {
			return "UnderWay[returnTo=" + this.returnTo + "]";
		}

	}

}
