package io.keymux.config;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Set;
import java.util.random.RandomGenerator;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A password that is generated at the first start and kept in a file only its owner may
 * read.
 */
final class InitialPassword {

	private static final Log logger = LogFactory.getLog(InitialPassword.class);

	private static final int BYTES = 24;

	private final Path file;

	private final RandomGenerator random;

	InitialPassword(Path file, RandomGenerator random) {
		this.file = file;
		this.random = random;
	}

	/**
	 * Reads the password, after writing a new one if there is no file yet.
	 * @return the password
	 */
	String readOrGenerate() throws IOException {
		if (Files.notExists(this.file)) {
			generate();
		}
		String password = Files.readString(this.file).strip();
		if (password.isEmpty()) {
			throw new IOException(
					"%s is empty (expected: a password; delete the file to get a new one)".formatted(this.file));
		}
		logger.info("No password was given; the one in %s is in force".formatted(this.file));
		return password;
	}

	private void generate() throws IOException {
		Path directory = this.file.toAbsolutePath().getParent();
		if (directory != null) {
			Files.createDirectories(directory);
		}
		byte[] bytes = new byte[BYTES];
		this.random.nextBytes(bytes);
		String password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
		Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
		try (SeekableByteChannel channel = Files.newByteChannel(this.file, options, ownerOnly())) {
			Channels.newOutputStream(channel).write((password + "\n").getBytes(StandardCharsets.UTF_8));
		}
	}

	private FileAttribute<?>[] ownerOnly() {
		// A file system without POSIX permissions (Windows) protects by its own inherited
		// rules.
		return this.file.getFileSystem().supportedFileAttributeViews().contains("posix")
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) }
				: new FileAttribute<?>[0];
	}

}
