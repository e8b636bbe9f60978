package io.keymux.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A config server from its jar, with a folder of files. */
final class ConfigServerProcess implements AutoCloseable {

	private static final Duration START = Duration.ofMinutes(2);

	private static final String PASSWORD = "password-of-the-nodes";

	private final int port = FreePort.next();

	private final Path files;

	private final Map<String, String> variables;

	private Process process;

	private ConfigServerProcess(Path files, Map<String, String> variables) {
		this.files = files;
		this.variables = Map.copyOf(variables);
		this.process = launch();
	}

	static ConfigServerProcess start(Map<String, String> variables) {
		try {
			return new ConfigServerProcess(Files.createTempDirectory("keymux-e2e-config"), variables);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Process launch() {
		try {
			Path jar = Path
				.of(System.getProperty("keymux.config-server.jar", "../../config-server/target/config-server.jar"))
				.normalize();
			Path log = Path.of(System.getProperty("keymux.logs", "target/logs"), "config-server.log");
			Files.createDirectories(log.toAbsolutePath().getParent());
			ProcessBuilder builder = new ProcessBuilder(
					Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
					"-XX:+UseSerialGC", "-Xmx256m", "-jar", jar.toString());
			builder.environment().keySet().removeIf((variable) -> variable.matches("(KEYMUX|SPRING|SERVER)_.*"));
			Map<String, String> environment = new HashMap<>(this.variables);
			environment.put("KEYMUX_CONFIG_PORT", Integer.toString(this.port));
			environment.put("KEYMUX_CONFIG_DIRECTORY", this.files.toString());
			environment.put("KEYMUX_CONFIG_PASSWORD", PASSWORD);
			builder.environment().putAll(environment);
			builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
			Process launched = builder.start();
			Runtime.getRuntime().addShutdownHook(new Thread(launched::destroyForcibly));
			return launched;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Waits until it answers, whatever it says of what it serves. */
	ConfigServerProcess awaitReady() {
		URI health = URI.create("http://127.0.0.1:%d/actuator/health".formatted(this.port));
		Browser probe = new Browser();
		Poll.until(START, () -> probe.answers(health), () -> "the config server to answer");
		return this;
	}

	/** What points a node to it. */
	Map<String, String> nodeVariables() {
		return Map.of("KEYMUX_CONFIG_URL", "http://127.0.0.1:" + this.port, "KEYMUX_CONFIG_PASSWORD", PASSWORD);
	}

	/** Replaces the file of the gateways, in one step. */
	void write(String yaml) {
		try {
			Path fresh = Files.writeString(this.files.resolveSibling(this.files.getFileName() + ".new"), yaml);
			Files.move(fresh, this.files.resolve("keymux-gateway.yaml"),
					java.nio.file.StandardCopyOption.REPLACE_EXISTING, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void fail() {
		this.process.destroyForcibly();
		await();
	}

	void recover() {
		this.process = launch();
		awaitReady();
	}

	private void await() {
		try {
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.process.destroy();
		await();
		this.process.destroyForcibly();
	}

}
