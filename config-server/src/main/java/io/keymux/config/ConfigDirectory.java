package io.keymux.config;

import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Refuses to start without the directory the files are served from. */
@Component
@Profile("native")
class ConfigDirectory {

	ConfigDirectory(@Value("${keymux.config.directory}") Path directory) {
		if (!Files.isDirectory(directory)) {
			throw new InvalidConfigurationPropertyValueException("keymux.config.directory", directory,
					"KEYMUX_CONFIG_DIRECTORY has to name a directory that exists");
		}
	}

}
