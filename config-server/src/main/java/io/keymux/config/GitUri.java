package io.keymux.config;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Refuses to start with the profile of git and without a repository. */
@Component
@Profile("git")
class GitUri {

	GitUri(@Value("${spring.cloud.config.server.git.uri}") String uri) {
		if (uri.isBlank()) {
			throw new InvalidConfigurationPropertyValueException("spring.cloud.config.server.git.uri", uri,
					"KEYMUX_CONFIG_GIT_URI has to name a repository");
		}
	}

}
