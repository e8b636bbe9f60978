package io.keymux.gateway.access;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What stands in front of this gateway.
 *
 * @param trustedProxies address ranges (CIDR) of proxies whose X-Forwarded-For and
 * X-Forwarded-Proto are believed
 * @param publicUrl URL under which callers and operators reach this gateway, for the few
 * answers that carry links; empty: the Host header of the request
 */
@ConfigurationProperties("keymux.proxy")
public record FrontProperties(@DefaultValue List<String> trustedProxies, @Nullable URI publicUrl) {

	/**
	 * The URL under which this gateway is reached, if it was told.
	 * @return without slash at the end, or null
	 */
	public @Nullable String base() {
		if (this.publicUrl == null || this.publicUrl.toString().isEmpty()) {
			return null;
		}
		String url = this.publicUrl.toString();
		return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
	}

}
