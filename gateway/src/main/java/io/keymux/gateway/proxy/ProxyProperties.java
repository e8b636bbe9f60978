package io.keymux.gateway.proxy;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the data plane sees what is in front of it.
 *
 * @param trustedProxies address ranges (CIDR) of proxies whose X-Forwarded-For is
 * believed
 * @param publicUrl URL under which callers reach this gateway, for the few answers that
 * carry links; empty: the Host header of the request
 */
@ConfigurationProperties("keymux.proxy")
record ProxyProperties(@DefaultValue List<String> trustedProxies, @Nullable URI publicUrl) {
}
