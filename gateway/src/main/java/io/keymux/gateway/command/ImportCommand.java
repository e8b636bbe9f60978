package io.keymux.gateway.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.document.ConfigurationImport;
import io.keymux.gateway.document.ImportResult;
import io.keymux.gateway.gptload.GptLoadCommand;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.context.ConfigurableApplicationContext;

/** Takes over the configuration of another gateway. */
final class ImportCommand implements Command {

	private static final String GPT_LOAD = "gpt-load";

	@Override
	public int run(List<String> arguments, Map<String, String> environment, PrintStream out) {
		if (arguments.isEmpty() || !arguments.getFirst().equals(GPT_LOAD)) {
			out.println("Usage: import gpt-load [options]; import gpt-load --help says more.");
			return WRONG_USAGE;
		}
		return new GptLoadCommand((document, dryRun) -> apply(document, dryRun, environment))
			.run(arguments.subList(1, arguments.size()), environment, out);
	}

	private static List<String> apply(ObjectNode document, boolean dryRun, Map<String, String> environment) {
		List<String> lines = new ArrayList<>();
		try (ConfigurableApplicationContext context = CommandContext.open(environment)) {
			ImportResult result = context.getBean(ConfigurationImport.class)
				.apply(Actor.system("command line"), document, new ConfigurationImport.Mode(dryRun, false, false));
			result.changes().forEach((change) -> lines.add(change.action() + " " + change.target()));
			return lines;
		}
	}

}
