package io.keymux.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Answers like a provider: at once, or chunk by chunk where a stream is asked for. */
final class Provider implements AutoCloseable {

	/** Chunks of a stream. */
	static final int CHUNKS = 20;

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final HttpServer server;

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private Provider(HttpServer server) {
		this.server = server;
		server.setExecutor(this.threads);
		server.createContext("/", Provider::answer);
		server.start();
	}

	static Provider start() {
		try {
			return new Provider(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	private static void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			if (body.contains("\"stream\"")) {
				exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
				exchange.sendResponseHeaders(200, 0);
				OutputStream out = exchange.getResponseBody();
				for (int i = 0; i < CHUNKS; i++) {
					out.write("data: {\"n\": %d}%n%n".formatted(i).getBytes(StandardCharsets.UTF_8));
					out.flush();
					LockSupport.parkNanos(PAUSE.toNanos());
				}
				out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
				return;
			}
			byte[] answer = "{\"id\": \"1\"}".getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, answer.length);
			exchange.getResponseBody().write(answer);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
