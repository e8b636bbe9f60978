package io.keymux.gateway.oidc;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.keymux.gateway.admin.Administrator;
import io.keymux.gateway.admin.Credential;
import io.keymux.gateway.admin.Role;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.problem.StartFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the claims of a provider make of someone. */
class OidcRolesTests {

	@Test
	void theHighestRoleWins() {
		OidcProperties properties = properties("groups", null);
		assertThat(role(properties, Map.of("groups", List.of("viewers", "operators")))).isEqualTo(Role.OPERATOR);
		assertThat(role(properties, Map.of("groups", List.of("admins", "viewers")))).isEqualTo(Role.ADMIN);
		assertThat(role(properties, Map.of("groups", "viewers"))).isEqualTo(Role.VIEWER);
	}

	@Test
	void whoHasNoRoleGetsTheDefaultOrNothing() {
		assertThat(role(properties("groups", null), Map.of("groups", List.of("others")))).isNull();
		assertThat(role(properties("groups", null), Map.of())).isNull();
		assertThat(role(properties("groups", Role.VIEWER), Map.of())).isEqualTo(Role.VIEWER);
	}

	@Test
	void findsNestedClaimsAndThoseWithDotsInTheirNames() {
		OidcProperties properties = properties("realm_access.roles", null);
		assertThat(role(properties, Map.of("realm_access", Map.of("roles", List.of("admins"))))).isEqualTo(Role.ADMIN);
		assertThat(role(properties, Map.of("realm_access.roles", List.of("viewers")))).isEqualTo(Role.VIEWER);
		assertThat(role(properties, Map.of("realm_access", List.of("admins")))).isNull();
	}

	@Test
	void namesPeopleByWhatTheProviderHasProved() {
		OidcRoles roles = roles(properties("groups", null));
		Map<String, Object> claims = Map.of("email", "ann@example.com", "preferred_username", "ann", "sub", "7");
		assertThat(roles.name(claims)).isEqualTo("ann@example.com");
		assertThat(roles.name(Map.of("email", "boss@example.com", "email_verified", false, "sub", "7"))).isEqualTo("7");
	}

	@Test
	void sessionsEndWhenTheRulesChange() {
		OidcRoles before = roles(properties("groups", null));
		String fingerprint = Objects.requireNonNull(before.credential(Map.of("groups", "admins"))).fingerprint();
		Administrator claimed = new Administrator("ann", Role.ADMIN, Actor.Kind.OIDC);
		assertThat(roles(properties("groups", null)).vouchFor(fingerprint, claimed)).isEqualTo(claimed);
		assertThat(roles(properties("roles", null)).vouchFor(fingerprint, claimed)).isNull();
	}

	@Test
	void refusesAProviderThatIsHalfConfigured() {
		OidcProperties complete = properties("groups", null);
		assertThat(complete.client().issuer()).isEqualTo("https://login.example/realm");
		assertThatExceptionOfType(StartFailure.class)
			.isThrownBy(() -> properties(null, "id", List.of("openid")).client())
			.withMessageContaining("KEYMUX_OIDC_ISSUER");
		assertThatExceptionOfType(StartFailure.class)
			.isThrownBy(() -> properties("https://h", " ", List.of("openid")).client())
			.withMessageContaining("KEYMUX_OIDC_CLIENT_ID");
		assertThatExceptionOfType(StartFailure.class)
			.isThrownBy(() -> properties("login.example", "id", List.of("openid")).client())
			.withMessageContaining("'login.example'");
		assertThatExceptionOfType(StartFailure.class)
			.isThrownBy(() -> properties("https://h", "id", List.of("email")).client())
			.withMessageContaining("openid");
	}

	private static @Nullable Role role(OidcProperties properties, Map<String, Object> claims) {
		Credential credential = roles(properties).credential(claims);
		return (credential != null) ? credential.administrator().role() : null;
	}

	private static OidcRoles roles(OidcProperties properties) {
		return new OidcRoles(properties, new KeyedHasher(new byte[32]));
	}

	private static OidcProperties properties(String claim, @Nullable Role defaultRole) {
		return new OidcProperties("https://login.example/realm", "id", "secret", null, List.of("openid"), claim,
				List.of("viewers"), List.of("operators"), List.of("admins"), defaultRole);
	}

	private static OidcProperties properties(@Nullable String issuer, String clientId, List<String> scopes) {
		return new OidcProperties(issuer, clientId, "secret", null, scopes, "groups", List.of("viewers"), List.of(),
				List.of(), null);
	}

}
