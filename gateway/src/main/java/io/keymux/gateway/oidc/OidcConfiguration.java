package io.keymux.gateway.oidc;

import java.time.InstantSource;

import io.keymux.gateway.access.ClientAddress;
import io.keymux.gateway.access.FrontProperties;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.session.Logins;
import io.keymux.gateway.session.SessionCookies;
import io.keymux.gateway.session.SessionSigner;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** The login through an OpenID provider, if there is one. */
@Configuration(proxyBeanMethods = false)
@Conditional(OidcConfigured.class)
class OidcConfiguration {

	@Bean
	OidcRoles oidcRoles(OidcProperties properties, KeyedHasher hasher) {
		return new OidcRoles(properties, hasher);
	}

	@Bean
	OidcLogin oidcLogin(OidcProperties properties, OidcRoles roles, FrontProperties front, SessionSigner signer,
			ClientAddress clientAddress, Logins logins, SessionCookies cookies, InstantSource time) {
		OidcProvider provider = new OidcProvider(properties.client(), properties.scopes(), front.base());
		OidcRequests requests = new OidcRequests(provider, signer, clientAddress, time);
		return new OidcLogin(provider, requests, new OidcEnd(roles, logins, cookies, clientAddress));
	}

}
