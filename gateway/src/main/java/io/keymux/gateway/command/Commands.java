package io.keymux.gateway.command;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.problem.Problem;

/** The commands by name. */
public final class Commands {

	private static final String USAGE = """
			Usage: java -jar gateway.jar [command]

			Without a command it serves. Commands take the same environment variables:

			  encryption status|enable|rotate|disable   encryption of the stored secrets
			  import gpt-load [options]                 the configuration of gpt-load 1.4
			  help                                      this text""";

	private static final Map<String, Command> COMMANDS = Map.of("encryption", new EncryptionCommand(), "import",
			new ImportCommand(), "help", (_, _, out) -> {
				out.println(USAGE);
				return Command.DONE;
			});

	private Commands() {
	}

	/**
	 * Whether arguments ask for a command: those for the server begin with a dash.
	 * @param arguments arguments of the program
	 * @return true if the first one is a word
	 */
	public static boolean asked(String... arguments) {
		return arguments.length > 0 && !arguments[0].startsWith("-");
	}

	/**
	 * Runs a command.
	 * @param arguments its name and arguments
	 * @param environment environment variables
	 * @param out where to print
	 * @return exit code: 0 done, 1 something is in the way, 2 wrong usage
	 */
	public static int run(List<String> arguments, Map<String, String> environment, PrintStream out) {
		Command command = COMMANDS.get(arguments.getFirst());
		if (command == null) {
			// It may be a secret that went astray: it is not repeated.
			out.println("There is no such command.");
			out.println();
			out.println(USAGE);
			return Command.WRONG_USAGE;
		}
		try {
			return command.run(arguments.subList(1, arguments.size()), environment, out);
		}
		catch (CommandRefused | Problem ex) {
			out.println(ex.getMessage());
			return Command.REFUSED;
		}
	}

}
