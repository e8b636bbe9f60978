package io.keymux.e2e;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** A real authorization server with a login form, in this process. */
final class OpenIdProvider implements AutoCloseable {

	private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

	private static final String PASSWORD = "open-sesame";

	private final ConfigurableApplicationContext context;

	private final String issuer;

	private OpenIdProvider(ConfigurableApplicationContext context, String issuer) {
		this.context = context;
		this.issuer = issuer;
	}

	/** Starts a provider that knows one gateway. */
	static OpenIdProvider start(URI redirectUri) {
		int port = FreePort.next();
		String issuer = "http://localhost:" + port;
		String client = "--spring.security.oauth2.authorizationserver.client.keymux.";
		return new OpenIdProvider(
				new SpringApplicationBuilder(Server.class).run("--server.port=" + port, "--spring.main.banner-mode=off",
						"--logging.level.root=warn", "--spring.security.oauth2.authorizationserver.issuer=" + issuer,
						client + "registration.client-id=keymux",
						client + "registration.client-secret={noop}client-secret",
						client + "registration.client-authentication-methods=client_secret_basic",
						client + "registration.authorization-grant-types=authorization_code",
						client + "registration.redirect-uris=" + redirectUri,
						client + "registration.scopes=openid,profile,email", client + "require-proof-key=true"),
				issuer);
	}

	/** What tells a gateway of it. */
	Map<String, String> variables() {
		return Map.of("KEYMUX_OIDC_ISSUER", this.issuer, "KEYMUX_OIDC_CLIENT_ID", "keymux", "KEYMUX_OIDC_CLIENT_SECRET",
				"client-secret", "KEYMUX_OIDC_VIEWER_VALUES", "watchers", "KEYMUX_OIDC_OPERATOR_VALUES", "crew",
				"KEYMUX_OIDC_ADMIN_VALUES", "owners,founders");
	}

	/**
	 * Logs someone in.
	 * @param browser his browser
	 * @param authorize where the gateway sent it
	 * @param user his name
	 * @return where the provider sends it back to
	 */
	URI login(Browser browser, URI authorize, String user) {
		URI form = Browser.location(browser.get(authorize));
		HttpResponse<String> page = browser.get(form);
		Matcher csrf = CSRF.matcher(page.body());
		if (!csrf.find()) {
			throw new AssertionError("No login form at %s: %s".formatted(form, page.body()));
		}
		HttpResponse<String> answer = browser.submit(form,
				Map.of("username", user, "password", PASSWORD, "_csrf", csrf.group(1)));
		return Browser.location(browser.get(Browser.location(answer)));
	}

	/** From now on ID tokens carry a nonce that nobody asked for, or no longer do. */
	void forgeNonce(boolean forged) {
		this.context.getBean("forged", AtomicBoolean.class).set(forged);
	}

	@Override
	public void close() {
		this.context.close();
	}

	/** Who exists, and what is said of them. */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Server {

		@Bean
		AtomicBoolean forged() {
			return new AtomicBoolean();
		}

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(List.of(user("vera", "watchers"), user("olaf", "watchers", "crew"),
					user("ada", "founders"), user("nils", "strangers")));
		}

		private static UserDetails user(String name, String... groups) {
			return User.withUsername(name).password("{noop}" + PASSWORD).authorities(groups).build();
		}

		@Bean
		OAuth2TokenCustomizer<JwtEncodingContext> claims(AtomicBoolean forged) {
			return (token) -> {
				if (token.getTokenType().getValue().equals(OidcParameterNames.ID_TOKEN)) {
					List<String> groups = token.getPrincipal()
						.getAuthorities()
						.stream()
						.map(GrantedAuthority::getAuthority)
						.toList();
					token.getClaims()
						.claim("groups", groups)
						.claim("email", token.getPrincipal().getName() + "@example.com");
					if (forged.get()) {
						token.getClaims().claim("nonce", "forged");
					}
				}
			};
		}

	}

}
