package io.keymux.gateway.management;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.crypto.SealingRefused;
import io.keymux.gateway.document.ConfigurationImport;
import io.keymux.gateway.document.ConfigurationText;
import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.problem.StartFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Applies what the environment declares, before anything reads it; all or nothing. */
@Component
class FirstRun implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(FirstRun.class);

	/** Before callers and groups are loaded. */
	private static final int PHASE = -100;

	private static final Actor ACTOR = Actor.system("bootstrap file");

	private final DeclaredGroups declared;

	private final ConfigurationImport bootstrap;

	private final ChangeBus changes;

	private final String bootstrapFile;

	private volatile boolean running;

	FirstRun(DeclaredGroups declared, ConfigurationImport bootstrap, ChangeBus changes,
			@Value("${keymux.bootstrap-file:}") String bootstrapFile) {
		this.declared = declared;
		this.bootstrap = bootstrap;
		this.changes = changes;
		this.bootstrapFile = bootstrapFile.strip();
	}

	@Override
	public void start() {
		JsonNode document = this.bootstrapFile.isEmpty() ? null : read(Path.of(this.bootstrapFile));
		try {
			this.changes.write(() -> {
				this.declared.apply();
				return (document != null) && apply(document);
			});
		}
		catch (SealingRefused refused) {
			// The node serves what it can read; what is declared is applied when it may
			// be.
			logger.error("Nothing of what the environment declares is applied. {}", refused.getMessage());
		}
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private boolean apply(JsonNode document) {
		try {
			this.bootstrap.apply(ACTOR, document, ConfigurationImport.Mode.unattended());
			return true;
		}
		catch (SealingRefused refused) {
			throw refused;
		}
		catch (Problem problem) {
			throw failure(problem.getMessage());
		}
	}

	private JsonNode read(Path file) {
		try {
			return ConfigurationText.read(Files.readString(file));
		}
		catch (IOException ex) {
			throw failure("it cannot be read (%s)".formatted(ex.getClass().getSimpleName()));
		}
		catch (Problem problem) {
			throw failure(problem.getMessage());
		}
	}

	private StartFailure failure(@Nullable String problem) {
		return new StartFailure("KEYMUX_BOOTSTRAP_FILE '%s': %s".formatted(this.bootstrapFile, problem),
				"Correct the file; nothing of it was applied.");
	}

}
