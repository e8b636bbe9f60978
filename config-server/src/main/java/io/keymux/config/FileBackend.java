package io.keymux.config;

import java.util.Arrays;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.stereotype.Component;

/**
 * Refuses to start without files or a repository: gateways would take the missing half of
 * their document for settings that were taken back.
 */
@Component
class FileBackend {

	FileBackend(Environment environment) {
		if (!environment.acceptsProfiles(Profiles.of("native | git"))) {
			throw new InvalidConfigurationPropertyValueException("spring.profiles.active",
					Arrays.toString(environment.getActiveProfiles()),
					"SPRING_PROFILES_ACTIVE has to name native (a directory) or git (a repository)");
		}
	}

}
