package io.keymux.gateway.admin;

import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/** A request made by someone who may manage, as Spring Security sees it. */
public final class AdminAuthentication extends AbstractAuthenticationToken {

	private static final long serialVersionUID = 1L;

	private final transient Administrator administrator;

	/**
	 * A request that was authenticated.
	 * @param administrator who makes it
	 */
	public AdminAuthentication(Administrator administrator) {
		super(AuthorityUtils.createAuthorityList("ROLE_" + administrator.role()));
		this.administrator = administrator;
		setAuthenticated(true);
	}

	@Override
	public Administrator getPrincipal() {
		return this.administrator;
	}

	@Override
	public @Nullable Object getCredentials() {
		return null;
	}

	@Override
	public String getName() {
		return this.administrator.name();
	}

}
