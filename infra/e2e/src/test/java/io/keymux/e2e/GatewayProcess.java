package io.keymux.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gateway that runs as a process of its own, from the jar that is shipped. */
final class GatewayProcess implements AutoCloseable {

	private static final Duration START = Duration.ofMinutes(2);

	private static final Duration STOP = Duration.ofSeconds(20);

	private static final int SHOWN = 4000;

	private final String name;

	private final Process process;

	private final Path log;

	private final int port;

	private final int managementPort;

	private GatewayProcess(String name, Process process, Path log, int port, int managementPort) {
		this.name = name;
		this.process = process;
		this.log = log;
		this.port = port;
		this.managementPort = managementPort;
	}

	/**
	 * Starts a gateway; {@link #awaitReady} waits until it serves.
	 * @param name tells its log from others
	 * @param port port of proxy and management API
	 * @param variables its environment, besides its ports
	 */
	static GatewayProcess start(String name, int port, Map<String, String> variables) {
		Path jar = Path.of(System.getProperty("keymux.gateway.jar", "../../gateway/target/gateway.jar")).normalize();
		if (!Files.isRegularFile(jar)) {
			throw new IllegalStateException(
					"'%s' does not exist (expected: built by ./mvnw -pl gateway package)".formatted(jar));
		}
		try {
			Path log = Path.of(System.getProperty("keymux.logs", "target/logs"), name + ".log");
			Files.createDirectories(log.toAbsolutePath().getParent());
			int managementPort = FreePort.next();
			ProcessBuilder builder = new ProcessBuilder(
					Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
					"-XX:+UseSerialGC", "-Xmx384m", "--sun-misc-unsafe-memory-access=allow", "-jar", jar.toString());
			builder.environment()
				.keySet()
				.removeIf((variable) -> variable.matches("(KEYMUX|SPRING|SERVER)_.*|.*_API_KEYS"));
			Map<String, String> environment = new HashMap<>(variables);
			environment.put("KEYMUX_PORT", Integer.toString(port));
			environment.put("KEYMUX_MANAGEMENT_PORT", Integer.toString(managementPort));
			if (!environment.containsKey("KEYMUX_DATA_DIR")) {
				environment.put("KEYMUX_DATA_DIR", Files.createTempDirectory("keymux-e2e").toString());
			}
			builder.environment().putAll(environment);
			builder.redirectErrorStream(true).redirectOutput(log.toFile());
			Process process = builder.start();
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
			return new GatewayProcess(name, process, log, port, managementPort);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Waits until the node serves; fails at once if it ends instead. */
	GatewayProcess awaitReady() {
		URI readiness = URI.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(this.managementPort));
		Browser probe = new Browser();
		Poll.until(START, () -> {
			if (!this.process.isAlive()) {
				throw new AssertionError(
						"Gateway '%s' ended with %d: %s".formatted(this.name, this.process.exitValue(), tail()));
			}
			return probe.reaches(readiness);
		}, () -> "gateway '%s' to be ready: %s".formatted(this.name, tail()));
		return this;
	}

	URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.port + path);
	}

	URI managementUri(String path) {
		return URI.create("http://127.0.0.1:" + this.managementPort + path);
	}

	/** Ends the process at once, without a word. */
	void kill() {
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

	@Override
	public void close() {
		stop();
	}

	/** Ends the process as an orchestrator would, and waits for its end. */
	void stop() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

	private String tail() {
		try {
			String text = Files.readString(this.log, StandardCharsets.UTF_8);
			return text.substring(Math.max(0, text.length() - SHOWN));
		}
		catch (IOException ex) {
			return List.of(this.log, ex).toString();
		}
	}

}
