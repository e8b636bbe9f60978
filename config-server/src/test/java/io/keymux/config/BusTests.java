package io.keymux.config;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.bus.event.RefreshRemoteApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class BusTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	@TempDir
	private Path directory;

	@Test
	void changedFileReachesAGatewayByTheBus() throws IOException {
		write(1);
		try (RabbitMq broker = RabbitMq.start();
				TestServer server = start(broker.addresses());
				ConfigurableApplicationContext gateway = gateway(broker.addresses())) {
			Queue<String> heard = gateway.getBean(FakeGateway.class).heard;
			await().atMost(TIMEOUT).until(() -> server.health().at("/components/bus/status").asString().equals("UP"));
			heard.clear();
			write(2);
			await().atMost(TIMEOUT).until(() -> !heard.isEmpty());
			assertThat(heard).containsOnly("keymux-gateway:**");
			heard.clear();
			// A broken file is nothing to hear of; the next good one is.
			replace("a: b: c\n");
			await().atMost(TIMEOUT).until(() -> server.health().status() == 503);
			assertThat(heard).isEmpty();
			write(3);
			await().atMost(TIMEOUT).until(() -> !heard.isEmpty());
		}
	}

	@Test
	void changeDuringAnOutageOfTheBrokerIsPublishedAfterIt() throws IOException, TimeoutException {
		write(1);
		try (RabbitMq broker = RabbitMq.start(); TestServer server = start(broker.addresses())) {
			await().atMost(TIMEOUT).until(() -> server.health().at("/components/bus/status").asString().equals("UP"));
			keepMessages(broker);
			broker.stop();
			write(2);
			await().atMost(TIMEOUT)
				.until(() -> server.health().at("/components/bus/details/pending").asBoolean()
						&& server.health().at("/components/bus/status").asString().equals("WARNING"));
			assertThat(server.health().status()).isEqualTo(200);
			assertThat(server.document().value("keymux.settings.max-attempts")).isEqualTo("2");
			broker.restart();
			await().atMost(TIMEOUT).ignoreExceptions().until(() -> takeMessage(broker).contains("keymux-gateway:**"));
			await().atMost(TIMEOUT).until(() -> server.health().at("/status").asString().equals("UP"));
		}
	}

	@Test
	void serverStartsWithoutTheBroker() throws IOException {
		write(4);
		int closed;
		try (ServerSocket socket = new ServerSocket(0)) {
			closed = socket.getLocalPort();
		}
		try (TestServer server = start("127.0.0.1:" + closed)) {
			assertThat(server.document().value("keymux.settings.max-attempts")).isEqualTo("4");
			assertThat(server.health().at("/components/bus/status").asString()).isEqualTo("WARNING");
			assertThat(server.health().status()).isEqualTo(200);
		}
	}

	@Test
	void nothingConnectsWithoutABroker() throws IOException {
		write(5);
		try (ServerSocket broker = new ServerSocket(0)) {
			broker.setSoTimeout(1);
			try (TestServer server = TestServer.start("keymux.config.directory=" + this.directory,
					"spring.rabbitmq.port=" + broker.getLocalPort())) {
				assertThat(server.health().at("/components/bus").isMissingNode()).isTrue();
				write(6);
				assertThat(server.post("/monitor", "{}").status()).isEqualTo(200);
				assertThat(server.document().value("keymux.settings.max-attempts")).isEqualTo("6");
			}
			assertThatThrownBy(broker::accept).isInstanceOf(SocketTimeoutException.class);
		}
	}

	private TestServer start(String addresses) {
		return TestServer.start("keymux.config.directory=" + this.directory, "spring.rabbitmq.addresses=" + addresses);
	}

	private static ConfigurableApplicationContext gateway(String addresses) {
		return new SpringApplicationBuilder(FakeGateway.class).web(WebApplicationType.NONE)
			.run("--spring.application.name=keymux-gateway", "--spring.rabbitmq.addresses=" + addresses,
					"--spring.cloud.stream.bindings.springCloudBusInput.group=gateway");
	}

	private static void keepMessages(RabbitMq broker) throws IOException, TimeoutException {
		try (Connection connection = connect(broker); Channel channel = connection.createChannel()) {
			channel.queueDeclare("kept", true, false, false, Map.of());
			channel.queueBind("kept", "springCloudBus", "#");
		}
	}

	private static String takeMessage(RabbitMq broker) throws IOException, TimeoutException {
		try (Connection connection = connect(broker); Channel channel = connection.createChannel()) {
			GetResponse message = channel.basicGet("kept", true);
			return (message != null) ? new String(message.getBody(), StandardCharsets.UTF_8) : "";
		}
	}

	private static Connection connect(RabbitMq broker) throws IOException, TimeoutException {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setHost("127.0.0.1");
		factory.setPort(broker.port());
		return factory.newConnection();
	}

	private void write(int attempts) throws IOException {
		replace("keymux.settings.max-attempts: " + attempts + "\n");
	}

	/** In one step, so that no look finds half a file. */
	private void replace(String content) throws IOException {
		Path beside = Files.writeString(this.directory.resolve("new.txt"), content);
		Files.move(beside, this.directory.resolve("keymux-gateway.yaml"), StandardCopyOption.ATOMIC_MOVE);
	}

	/** Takes part in the bus as a gateway does. */
	@EnableAutoConfiguration
	static class FakeGateway {

		private final Queue<String> heard = new ConcurrentLinkedQueue<>();

		@EventListener
		void hear(RefreshRemoteApplicationEvent event) {
			this.heard.add(event.getDestinationService());
		}

	}

}
