package io.keymux.gateway.command;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** What the program does instead of serving, when its first argument names it. */
interface Command {

	/** Done. */
	int DONE = 0;

	/** Something is in the way. */
	int REFUSED = 1;

	/** The arguments are not what the usage says. */
	int WRONG_USAGE = 2;

	/**
	 * Does the work and prints what happens.
	 * @param arguments arguments after the name
	 * @param environment environment variables
	 * @param out where to print
	 * @return exit code
	 */
	int run(List<String> arguments, Map<String, String> environment, PrintStream out);

}
