package io.keymux.gateway.setting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps the system settings that were last in force in a file, for a start without the
 * config server. Secret parts are sealed in it as they are in the database.
 */
class LastGoodSettings {

	private static final Logger logger = LoggerFactory.getLogger(LastGoodSettings.class);

	private static final JsonMapper json = JsonMapper.shared();

	private final Path file;

	LastGoodSettings(Path folder) {
		this.file = folder.resolve("last-good-settings.json");
	}

	@Nullable SystemTier read() {
		if (!Files.exists(this.file)) {
			return null;
		}
		try {
			return json.readValue(Files.readString(this.file), SystemTier.class);
		}
		catch (IOException | JacksonException ex) {
			logger.warn("{} cannot be read; it is written anew when there are settings", this.file, ex);
			return null;
		}
	}

	/** Whoever reads meanwhile sees the former file or this one. */
	void write(SystemTier tier) {
		try {
			Files.createDirectories(this.file.toAbsolutePath().getParent());
			Path fresh = this.file.resolveSibling(this.file.getFileName() + ".new");
			Files.writeString(fresh, json.writeValueAsString(tier));
			Files.move(fresh, this.file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			logger.warn("{} cannot be written: without the config server this node would start with older settings",
					this.file, ex);
		}
	}

}
