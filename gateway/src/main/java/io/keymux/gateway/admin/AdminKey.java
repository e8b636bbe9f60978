package io.keymux.gateway.admin;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

import io.keymux.gateway.crypto.KeyHash;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.crypto.Secrets;
import io.keymux.gateway.crypto.Vault;
import io.keymux.gateway.problem.StartFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/** The credential no one can delete: configured, or generated at the first start. */
@Component
class AdminKey {

	private static final Logger logger = LoggerFactory.getLogger(AdminKey.class);

	private static final int MIN_LENGTH = 12;

	private final KeyedHasher hasher;

	private final KeyHash hash;

	AdminKey(AdminKeyProperties properties, KeyedHasher hasher, Vault vault) {
		this.hasher = hasher;
		String configured = properties.adminKey();
		this.hash = (configured != null && !configured.isBlank()) ? configured(configured.strip())
				: generated(vault, properties.dataDir().resolve("initial-admin-key"));
	}

	/** Its keyed hash: who compares it takes the same time for every wrong key. */
	KeyHash hash() {
		return this.hash;
	}

	private KeyHash configured(String key) {
		if (key.length() < MIN_LENGTH) {
			throw new StartFailure(
					"KEYMUX_ADMIN_KEY (keymux.admin-key) has %d characters (expected: at least %d)."
						.formatted(key.length(), MIN_LENGTH),
					"Choose a longer admin key, or remove it to have one generated.");
		}
		return this.hasher.hash(key);
	}

	/**
	 * Written before it is remembered: a key nobody can read would lock everybody out.
	 */
	private KeyHash generated(Vault vault, Path file) {
		KeyHash known = vault.adminKeyHash();
		if (known != null) {
			return known;
		}
		String key = Secrets.draw("kma-");
		write(file, key);
		KeyHash hash = this.hasher.hash(key);
		if (!vault.claimAdminKey(hash)) {
			delete(file);
			return Objects.requireNonNull(vault.adminKeyHash());
		}
		logger.info("Generated an admin key and wrote it to {}", file.toAbsolutePath().normalize());
		return hash;
	}

	/** Nodes may start together: the key of the one that came second opens nothing. */
	private static void delete(Path file) {
		try {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			logger.warn("{} holds an admin key that opens nothing: another node generated one first", file, ex);
		}
	}

	private static void write(Path file, String key) {
		try {
			Files.createDirectories(file.toAbsolutePath().getParent());
			Files.deleteIfExists(file);
			Files.createFile(file, ownerOnly());
			Files.writeString(file, key + System.lineSeparator());
		}
		catch (IOException ex) {
			throw new StartFailure("The generated admin key cannot be written to '%s': %s".formatted(file, ex),
					"Set KEYMUX_ADMIN_KEY, or make the folder writable (KEYMUX_DATA_DIR names it).");
		}
	}

	private static FileAttribute<?>[] ownerOnly() {
		boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
		return posix
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) }
				: new FileAttribute<?>[0];
	}

}
