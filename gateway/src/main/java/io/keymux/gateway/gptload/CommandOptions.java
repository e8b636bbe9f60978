package io.keymux.gateway.gptload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the command is told to do.
 *
 * @param dsn where gpt-load's database is
 * @param encryptionKey gpt-load's ENCRYPTION_KEY, or null
 * @param document file to write the document to instead of applying it, or null
 * @param dryRun whether to tell only what would change
 */
record CommandOptions(String dsn, @Nullable String encryptionKey, @Nullable Path document, boolean dryRun) {

	static final String DSN = "GPT_LOAD_DSN";

	static final String USAGE = """
			Usage: import gpt-load [--dsn <dsn>] [--encryption-key-file <file>] [--dry-run | --document <file>]

			Reads a database of gpt-load 1.4 and never writes to it.

			  --dsn <dsn>                   user:password@tcp(host:3306)/database, mysql://…, jdbc:mysql://…,
			                                or the path of a SQLite file; by default $GPT_LOAD_DSN, which keeps
			                                a password out of the list of processes
			  --encryption-key-file <file>  file with the ENCRYPTION_KEY of gpt-load, if it encrypts its keys;
			                                by default $GPT_LOAD_ENCRYPTION_KEY
			  --dry-run                     tells what would change, and changes nothing
			  --document <file>             writes the configuration to a new file, secrets included, and
			                                changes nothing""";

	/**
	 * Reads arguments and environment.
	 * @throws WrongUsage if they are not what the usage says
	 * @throws ImportRefused if the file of the encryption key cannot be read
	 */
	static CommandOptions of(List<String> arguments, Map<String, String> environment) {
		String dsn = environment.getOrDefault(DSN, "");
		String keyFile = null;
		String document = null;
		boolean dryRun = false;
		Iterator<String> rest = arguments.iterator();
		while (rest.hasNext()) {
			String[] option = rest.next().split("=", 2);
			switch (option[0]) {
				case "--dsn" -> dsn = value(option, rest);
				case "--encryption-key-file" -> keyFile = value(option, rest);
				case "--document" -> document = value(option, rest);
				case "--dry-run" -> dryRun = true;
				// It may be a secret that went astray: it is not repeated.
				default -> throw new WrongUsage(option[0].matches("--[a-z-]+")
						? "There is no option %s.".formatted(option[0]) : "There is an argument that is no option.");
			}
		}
		if (dsn.isBlank()) {
			throw new WrongUsage("Where gpt-load's database is, is missing: give --dsn or %s.".formatted(DSN));
		}
		if (dryRun && document != null) {
			throw new WrongUsage("--dry-run and --document exclude one another.");
		}
		String key = (keyFile != null) ? read(keyFile) : environment.getOrDefault(EncryptedKeys.VARIABLE, "");
		return new CommandOptions(dsn, key.isEmpty() ? null : key, (document != null) ? path(document) : null, dryRun);
	}

	private static String value(String[] option, Iterator<String> rest) {
		if (option.length == 2) {
			return option[1];
		}
		if (!rest.hasNext()) {
			throw new WrongUsage("%s wants a value.".formatted(option[0]));
		}
		return rest.next();
	}

	private static Path path(String text) {
		try {
			return Path.of(text);
		}
		catch (InvalidPathException ex) {
			throw new WrongUsage("A file name is not valid.");
		}
	}

	private static String read(String file) {
		try {
			String key = Files.readString(path(file)).strip();
			if (key.isEmpty()) {
				throw new ImportRefused("The encryption key file '%s' is empty.".formatted(file));
			}
			return key;
		}
		catch (IOException ex) {
			throw new ImportRefused(
					"The encryption key file '%s' cannot be read (%s).".formatted(file, ex.getClass().getSimpleName()));
		}
	}

	@Override
	public String toString() {
		return "CommandOptions[dryRun=%s]".formatted(this.dryRun);
	}

	/** Arguments are not what the usage says. */
	static final class WrongUsage extends RuntimeException {

		private static final long serialVersionUID = 1L;

		WrongUsage(String message) {
			super(message);
		}

	}

}
