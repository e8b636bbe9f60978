package io.keymux.admin;

import java.nio.file.Path;

import jakarta.validation.constraints.NotBlank;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Who may sign in, and as whom programs register.
 *
 * @param username name to sign in with
 * @param password password to sign in with; empty: one is generated at the first start
 * @param passwordFile file a generated password is kept in
 */
@Validated
@ConfigurationProperties("keymux.admin-server")
record OperatorProperties(@NotBlank String username, String password, Path passwordFile) {

	@Override
	public String toString() {
		return "OperatorProperties[username=" + this.username + "]";
	}

}
