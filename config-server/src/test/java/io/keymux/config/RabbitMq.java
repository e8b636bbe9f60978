package io.keymux.config;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

import static org.awaitility.Awaitility.await;

/**
 * A real RabbitMQ broker as a process of this machine, in a folder of its own and bound
 * to the loopback address: it needs no network, no service and no name of the host.
 */
final class RabbitMq implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	// Not /usr/sbin/rabbitmq-server: Debian's wrapper becomes another user.
	private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

	private final Path folder;

	private final int port;

	private final int nameServicePort;

	private final int distributionPort;

	private final Process nameService;

	private Process server;

	private RabbitMq() throws IOException {
		this.folder = Files.createTempDirectory("keymux-rabbitmq");
		this.port = freePort();
		this.nameServicePort = freePort();
		this.distributionPort = freePort();
		// Started here, so that it ends with the broker; else it would stay as a daemon.
		this.nameService = process("name-service", "epmd", "-port", String.valueOf(this.nameServicePort), "-address",
				"127.0.0.1");
		this.server = launch();
	}

	/** Starts a broker, or skips the test that asks where there is none. */
	static RabbitMq start() {
		if (!Files.isExecutable(SERVER)) {
			String missing = "RabbitMQ is missing; install it: apt-get install -y rabbitmq-server";
			if (Boolean.parseBoolean(System.getenv("KEYMUX_REQUIRE_ALL"))) {
				throw new AssertionError(missing);
			}
			Assumptions.abort(missing);
		}
		try {
			return new RabbitMq();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int port() {
		return this.port;
	}

	String addresses() {
		return "127.0.0.1:" + this.port;
	}

	/** Starts it again, at the same address and with what it had kept. */
	void restart() {
		try {
			this.server = launch();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void stop() {
		end(this.server);
	}

	@Override
	public void close() {
		stop();
		end(this.nameService);
	}

	private Process launch() throws IOException {
		Process process = process("server", SERVER.toString());
		await().atMost(TIMEOUT).until(() -> {
			if (!process.isAlive()) {
				throw new AssertionError("RabbitMQ ended; see " + this.folder.resolve("server.log"));
			}
			return answers();
		});
		return process;
	}

	private Process process(String name, String... command) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(List.of(command)).directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.folder.resolve(name + ".log").toFile()))
			.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
		builder.environment().putAll(environment());
		return builder.start();
	}

	private Map<String, String> environment() {
		return Map.ofEntries(Map.entry("HOME", this.folder.toString()), Map.entry("HOSTNAME", "localhost"),
				Map.entry("RABBITMQ_NODENAME", "keymux@localhost"),
				Map.entry("ERL_EPMD_PORT", String.valueOf(this.nameServicePort)),
				Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"), Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
				Map.entry("RABBITMQ_NODE_PORT", String.valueOf(this.port)),
				Map.entry("RABBITMQ_DIST_PORT", String.valueOf(this.distributionPort)),
				Map.entry("RABBITMQ_MNESIA_BASE", this.folder.resolve("mnesia").toString()),
				Map.entry("RABBITMQ_LOG_BASE", this.folder.resolve("log").toString()), Map.entry("RABBITMQ_LOGS", "-"),
				Map.entry("RABBITMQ_PID_FILE", this.folder.resolve("pid").toString()),
				Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", this.folder.resolve("plugins").toString()),
				Map.entry("RABBITMQ_CONF_ENV_FILE", this.folder.resolve("none.conf").toString()),
				Map.entry("RABBITMQ_CONFIG_FILE", this.folder.resolve("rabbitmq").toString()));
	}

	/** AMQP is spoken as soon as the broker greets a client's header. */
	private boolean answers() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), 500);
			socket.setSoTimeout(2000);
			socket.getOutputStream().write(new byte[] { 'A', 'M', 'Q', 'P', 0, 0, 9, 1 });
			return socket.getInputStream().read() == 1;
		}
		catch (IOException _) {
			return false;
		}
	}

	private static void end(Process process) {
		List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
		all.forEach(ProcessHandle::destroy);
		for (ProcessHandle handle : all) {
			try {
				handle.onExit().get(20, TimeUnit.SECONDS);
			}
			catch (Exception _) {
				handle.destroyForcibly();
			}
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
