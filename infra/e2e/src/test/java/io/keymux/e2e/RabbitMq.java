package io.keymux.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

/** A real broker as a process, with nodes and ports of its own. */
final class RabbitMq implements AutoCloseable {

	/** The program itself: the wrapper on the path wants to become another user. */
	private static final Path PROGRAM = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

	private static final Duration START = Duration.ofMinutes(1);

	private final Path folder;

	private final int port = FreePort.next();

	private final int distributionPort = FreePort.next();

	private final int epmdPort = FreePort.next();

	private Process process;

	private RabbitMq(Path folder) {
		this.folder = folder;
		this.process = launch();
	}

	/** Starts a broker; without the program the test is skipped, unless CI wants all. */
	static RabbitMq start() {
		boolean present = Files.isExecutable(PROGRAM);
		if (!present && Boolean.parseBoolean(System.getenv("KEYMUX_REQUIRE_ALL"))) {
			throw new AssertionError("RabbitMQ is not installed (expected: Debian's package rabbitmq-server)");
		}
		Assumptions.assumeTrue(present, "skipped: install Debian's package rabbitmq-server to run this test");
		try {
			Path folder = Files.createTempDirectory("keymux-rabbitmq");
			RabbitMq broker = new RabbitMq(folder);
			broker.awaitReady();
			return broker;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Process launch() {
		try {
			Files.writeString(this.folder.resolve("plugins"), "[].");
			Files.writeString(this.folder.resolve("rabbitmq.conf"), "listeners.tcp.1 = 127.0.0.1:" + this.port + "\n");
			Path log = this.folder.resolve("output.log");
			Files.deleteIfExists(log);
			ProcessBuilder builder = new ProcessBuilder(PROGRAM.toString()).redirectErrorStream(true)
				.redirectOutput(log.toFile());
			builder.environment()
				.putAll(Map.of("HOME", this.folder.toString(), "RABBITMQ_NODENAME", "keymux" + this.port + "@localhost",
						"RABBITMQ_DIST_PORT", Integer.toString(this.distributionPort), "ERL_EPMD_PORT",
						Integer.toString(this.epmdPort), "ERL_EPMD_ADDRESS", "127.0.0.1", "RABBITMQ_MNESIA_BASE",
						this.folder.resolve("mnesia").toString(), "RABBITMQ_LOGS", "-", "RABBITMQ_CONFIG_FILE",
						this.folder.resolve("rabbitmq").toString(), "RABBITMQ_ENABLED_PLUGINS_FILE",
						this.folder.resolve("plugins").toString()));
			Process launched = builder.start();
			Runtime.getRuntime().addShutdownHook(new Thread(() -> kill(launched)));
			return launched;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void awaitReady() {
		Poll.until(START, () -> output().contains("Server startup complete"), () -> "the broker: " + output());
	}

	/** What points a node to it. */
	Map<String, String> variables() {
		return Map.of("KEYMUX_RABBITMQ_ADDRESSES", "127.0.0.1:" + this.port);
	}

	/** Kills it, as a machine that fails would. */
	void fail() {
		kill(this.process);
	}

	/** Starts it again after it failed, on the same port. */
	void recover() {
		this.process = launch();
		awaitReady();
	}

	private String output() {
		try {
			Path log = this.folder.resolve("output.log");
			return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void kill(Process process) {
		process.descendants().forEach(ProcessHandle::destroyForcibly);
		process.destroyForcibly();
		try {
			process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** The name service of Erlang stays behind its broker: it goes with the last. */
	@Override
	public void close() {
		kill(this.process);
		try {
			ProcessBuilder epmd = new ProcessBuilder("epmd", "-kill").redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD);
			epmd.environment().put("ERL_EPMD_PORT", Integer.toString(this.epmdPort));
			epmd.start().waitFor(10, TimeUnit.SECONDS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
