package io.keymux.gateway.gptload;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.keymux.gateway.problem.Problem;
import tools.jackson.databind.node.ObjectNode;

/** The command that moves the configuration of gpt-load to Keymux. */
public final class GptLoadCommand {

	/** Done. */
	public static final int DONE = 0;

	/** Something is in the way; nothing was changed. */
	public static final int REFUSED = 1;

	/** The arguments are not what the usage says. */
	public static final int WRONG_USAGE = 2;

	private final Apply apply;

	/**
	 * Prepares the command.
	 * @param apply what becomes of the document
	 */
	public GptLoadCommand(Apply apply) {
		this.apply = apply;
	}

	/**
	 * Runs the command.
	 * @param arguments arguments after {@code import gpt-load}
	 * @param environment environment variables
	 * @param out where to tell what happens
	 * @return exit code
	 */
	public int run(List<String> arguments, Map<String, String> environment, PrintStream out) {
		if (arguments.contains("--help")) {
			out.println(CommandOptions.USAGE);
			return DONE;
		}
		try {
			run(CommandOptions.of(arguments, environment), out);
			return DONE;
		}
		catch (CommandOptions.WrongUsage ex) {
			out.println(ex.getMessage());
			out.println();
			out.println(CommandOptions.USAGE);
			return WRONG_USAGE;
		}
		catch (ImportRefused | Problem ex) {
			out.println(ex.getMessage());
			out.println("Nothing was changed.");
			return REFUSED;
		}
	}

	private void run(CommandOptions options, PrintStream out) {
		Dsn dsn = Dsn.parse(options.dsn());
		String passphrase = options.encryptionKey();
		KeyCipher cipher = (passphrase != null) ? new KeyCipher(passphrase) : null;
		Move move = Move.of(GptLoadDatabase.read(dsn), cipher);
		print(move, out);
		Path file = options.document();
		if (file == null) {
			this.apply.apply(move.document(), options.dryRun()).forEach(out::println);
		}
		else {
			write(move.document(), file);
			out.println("Written to %s, secrets included. Nothing else was changed.".formatted(file));
		}
	}

	/** Readable by its owner alone, from the first byte on. */
	private static void write(ObjectNode document, Path file) {
		boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
		FileAttribute<?>[] attributes = posix
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) }
				: new FileAttribute<?>[0];
		try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(file,
				Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes))) {
			JsonColumn.MAPPER.writerWithDefaultPrettyPrinter().writeValue(out, document);
		}
		catch (FileAlreadyExistsException ex) {
			throw new ImportRefused("The file '%s' exists already (expected: a new one).".formatted(file));
		}
		catch (IOException ex) {
			throw new ImportRefused(
					"The file '%s' cannot be written (%s).".formatted(file, ex.getClass().getSimpleName()));
		}
	}

	private static void print(Move move, PrintStream out) {
		ObjectNode document = move.document();
		long keys = document.withArray("groups").valueStream().mapToLong((group) -> group.path("keys").size()).sum();
		out.println("Read from gpt-load: %s, %s, %s, %s.".formatted(
				Findings.count(document.path("groups").size(), "group"), Findings.count(keys, "provider key"),
				Findings.count(document.path("accessKeys").size(), "access key"),
				Findings.count(document.path("settings").size(), "system setting")));
		print(move, Finding.Kind.CHANGED, "Moved, but not as it was", out);
		print(move, Finding.Kind.LEFT, "Not moved", out);
		out.println();
	}

	private static void print(Move move, Finding.Kind kind, String title, PrintStream out) {
		List<Finding> findings = move.findings().stream().filter((finding) -> finding.kind() == kind).toList();
		if (!findings.isEmpty()) {
			out.println();
			out.println("%s (%d):".formatted(title, findings.size()));
			findings.forEach((finding) -> out.println("  " + finding));
		}
	}

	/** Applies a configuration document. */
	@FunctionalInterface
	public interface Apply {

		/**
		 * Applies the document, all or nothing.
		 * @param document groups with their keys, access keys and settings
		 * @param dryRun whether to tell only what would change
		 * @return lines to print
		 * @throws Problem if the document breaks a rule
		 */
		List<String> apply(ObjectNode document, boolean dryRun);

	}

}
