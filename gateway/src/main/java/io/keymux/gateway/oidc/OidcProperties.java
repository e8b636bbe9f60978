package io.keymux.gateway.oidc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.keymux.gateway.admin.Role;
import io.keymux.gateway.problem.StartFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.util.StringUtils;

/**
 * The OpenID provider people log in with.
 *
 * @param issuer its URL; discovery is asked for below it
 * @param clientId id this gateway is registered with
 * @param clientSecret secret this gateway is registered with
 * @param clientSecretFile file that holds the secret instead
 * @param scopes what is asked for, openid among it
 * @param roleClaim claim that decides the role; dots lead into nested claims
 * @param viewerValues values of the claim that make a viewer
 * @param operatorValues values of the claim that make an operator
 * @param adminValues values of the claim that make an admin
 * @param defaultRole role of everybody else the provider knows, or null to refuse them
 */
@ConfigurationProperties("keymux.oidc")
record OidcProperties(@Nullable String issuer, @Nullable String clientId, @Nullable String clientSecret,
		@Nullable String clientSecretFile, @DefaultValue( {
				"openid", "profile", "email" }) List<String> scopes,
		@DefaultValue("groups") String roleClaim, @DefaultValue List<String> viewerValues,
		@DefaultValue List<String> operatorValues, @DefaultValue List<String> adminValues, @Nullable Role defaultRole){

	/** What is needed to log in at all, checked. */
	Client client() {
		Client client = new Client(required("KEYMUX_OIDC_ISSUER", this.issuer),
				required("KEYMUX_OIDC_CLIENT_ID", this.clientId), required("KEYMUX_OIDC_CLIENT_SECRET", secret()));
		if (!client.issuer().matches("https?://[^/?#\\s]+[^?#\\s]*")) {
			throw new StartFailure(
					"KEYMUX_OIDC_ISSUER is '%s' (expected: a URL such as https://login.example.com/realms/main)."
						.formatted(client.issuer()),
					"Give the issuer exactly as the provider names it.");
		}
		if (!this.scopes.contains(OidcScopes.OPENID)) {
			throw new StartFailure("KEYMUX_OIDC_SCOPES is '%s' (expected: openid among them)."
				.formatted(String.join(",", this.scopes)), "Add openid.");
		}
		if (this.viewerValues.isEmpty() && this.operatorValues.isEmpty() && this.adminValues.isEmpty()
				&& this.defaultRole == null) {
			throw new StartFailure(
					"Nobody could log in: no value of the claim '%s' makes a role.".formatted(this.roleClaim),
					"Set KEYMUX_OIDC_VIEWER_VALUES, KEYMUX_OIDC_OPERATOR_VALUES or KEYMUX_OIDC_ADMIN_VALUES.");
		}
		return client;
	}

	private @Nullable String secret() {
		if (StringUtils.hasText(this.clientSecret) && StringUtils.hasText(this.clientSecretFile)) {
			throw new StartFailure("KEYMUX_OIDC_CLIENT_SECRET and KEYMUX_OIDC_CLIENT_SECRET_FILE are both set.",
					"Remove one of them.");
		}
		if (StringUtils.hasText(this.clientSecret) || !StringUtils.hasText(this.clientSecretFile)) {
			return this.clientSecret;
		}
		try {
			return Files.readString(Path.of(this.clientSecretFile));
		}
		catch (IOException ex) {
			throw new StartFailure(
					"KEYMUX_OIDC_CLIENT_SECRET_FILE names '%s', which cannot be read (%s)."
						.formatted(this.clientSecretFile, ex.getClass().getSimpleName()),
					"Correct the path or the permissions.");
		}
	}

	private static String required(String variable, @Nullable String value) {
		if (value == null || value.isBlank()) {
			throw new StartFailure("%s is not set, but other variables of the OpenID provider are.".formatted(variable),
					"Set KEYMUX_OIDC_ISSUER, KEYMUX_OIDC_CLIENT_ID and KEYMUX_OIDC_CLIENT_SECRET, or none of them.");
		}
		return value.strip();
	}

	@Override
	public String toString() {
		return "OidcProperties[issuer=" + this.issuer + "]";
	}

	/** How this gateway is registered, and where. */
	record Client(String issuer, String id, String secret) {

		@Override
		public String toString() {
			return "Client[issuer=" + this.issuer + ", id=" + this.id + "]";
		}

	}

}
