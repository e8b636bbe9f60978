package io.keymux.gateway.crypto;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Keeps the folder of the embedded database to its owner: it may hold secrets in plain
 * text.
 */
@Component
class DataFolder {

	private static final Logger logger = LoggerFactory.getLogger(DataFolder.class);

	DataFolder(@Value("${keymux.data-dir:data}") String folder) {
		restrict(Path.of(folder));
	}

	private static void restrict(Path folder) {
		PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
		if (view == null || !Files.isDirectory(folder)) {
			return;
		}
		try {
			view.setPermissions(PosixFilePermissions.fromString("rwx------"));
		}
		catch (IOException ex) {
			logger.warn("The folder {} cannot be kept to its owner; others may read what it holds", folder);
		}
	}

}
