package io.keymux.gateway.oidc;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.keymux.gateway.admin.Administrator;
import io.keymux.gateway.admin.Credential;
import io.keymux.gateway.admin.Role;
import io.keymux.gateway.admin.Voucher;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.crypto.KeyedHasher;
import org.jspecify.annotations.Nullable;

/**
 * Finds the role of someone by what the OpenID provider says of him. Sessions end when
 * the rules change.
 */
class OidcRoles implements Voucher {

	private static final int MAX_NAME = 200;

	private final OidcProperties properties;

	private final String fingerprint;

	OidcRoles(OidcProperties properties, KeyedHasher hasher) {
		this.properties = properties;
		List<@Nullable Object> rules = Arrays.asList(properties.issuer(), properties.clientId(), properties.roleClaim(),
				properties.viewerValues(), properties.operatorValues(), properties.adminValues(),
				properties.defaultRole());
		this.fingerprint = hasher.derive("oidc rules").hash(rules.toString()).text();
	}

	@Override
	public @Nullable Administrator vouchFor(String presented, Administrator claimed) {
		return this.fingerprint.equals(presented) ? claimed : null;
	}

	/** What someone has proved by logging in, or null if that opens nothing here. */
	@Nullable Credential credential(Map<String, Object> claims) {
		Role role = role(claims);
		return (role != null)
				? new Credential(new Administrator(name(claims), role, Actor.Kind.OIDC), this.fingerprint, null) : null;
	}

	/** An e-mail address only if the provider does not say that it is unproved. */
	String name(Map<String, Object> claims) {
		boolean unproved = Boolean.FALSE.equals(claims.get("email_verified"));
		String name = Stream.of(unproved ? "" : "email", "preferred_username", "name", "sub")
			.map((claim) -> (claims.get(claim) instanceof String text) ? text.strip() : "")
			.filter((text) -> !text.isEmpty())
			.findFirst()
			.orElse("unknown");
		return (name.length() > MAX_NAME) ? name.substring(0, MAX_NAME) : name;
	}

	private @Nullable Role role(Map<String, Object> claims) {
		Set<String> values = values(find(claims, this.properties.roleClaim()));
		if (this.properties.adminValues().stream().anyMatch(values::contains)) {
			return Role.ADMIN;
		}
		if (this.properties.operatorValues().stream().anyMatch(values::contains)) {
			return Role.OPERATOR;
		}
		return this.properties.viewerValues().stream().anyMatch(values::contains) ? Role.VIEWER
				: this.properties.defaultRole();
	}

	/** A claim of this very name, or one that lies within others. */
	private static @Nullable Object find(Map<?, ?> claims, String path) {
		int dot = path.indexOf('.');
		if (claims.containsKey(path) || dot < 0) {
			return claims.get(path);
		}
		return (claims.get(path.substring(0, dot)) instanceof Map<?, ?> nested) ? find(nested, path.substring(dot + 1))
				: null;
	}

	private static Set<String> values(@Nullable Object claim) {
		Collection<?> values = (claim instanceof Collection<?> several) ? several
				: (claim != null) ? List.of(claim) : List.of();
		return values.stream().map(String::valueOf).collect(Collectors.toSet());
	}

}
