package io.keymux.config;

import java.nio.file.Path;
import java.time.Duration;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Who may read the settings, and where they come from.
 *
 * @param username name nodes sign in with
 * @param password password nodes sign in with; empty: one is generated at the first start
 * @param passwordFile file a generated password is kept in
 * @param profiles profiles the gateways run with, comma-separated; their document is the
 * one that is watched
 * @param watchInterval time between two looks at that document
 * @param database where the rows of the gateway's table of settings are
 */
@Validated
@ConfigurationProperties("keymux.config")
record ConfigServerProperties(@NotBlank String username, String password, Path passwordFile, @NotBlank String profiles,
		@DurationMin(millis = 100) Duration watchInterval, @Valid Database database) {

	@Override
	public String toString() {
		return "ConfigServerProperties[username=" + this.username + "]";
	}

	/**
	 * The gateway's database.
	 *
	 * @param url JDBC URL; empty: no rows are served
	 * @param username name to sign in with
	 * @param password password to sign in with
	 * @param timeout longest wait for a connection
	 */
	record Database(String url, String username, String password, @DurationMin(millis = 250) Duration timeout) {

		@Override
		public String toString() {
			return "Database[username=" + this.username + "]";
		}

	}

}
