package io.keymux.gateway.admin;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the admin key comes from.
 *
 * @param adminKey the admin key; empty generates one at the first start
 * @param dataDir folder a generated admin key is written to
 */
@ConfigurationProperties("keymux")
record AdminKeyProperties(@Nullable String adminKey, @DefaultValue("data") Path dataDir) {

	@Override
	public String toString() {
		return "AdminKeyProperties[dataDir=" + this.dataDir + "]";
	}

}
