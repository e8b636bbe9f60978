package io.keymux.config;

import java.nio.file.Path;

import jakarta.validation.constraints.NotBlank;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Who may read the settings.
 *
 * @param username name nodes sign in with
 * @param password password nodes sign in with; empty: one is generated at the first start
 * @param passwordFile file a generated password is kept in
 */
@Validated
@ConfigurationProperties("keymux.config")
record ConfigServerProperties(@NotBlank String username, String password, Path passwordFile) {

	@Override
	public String toString() {
		return "ConfigServerProperties[username=" + this.username + "]";
	}

}
