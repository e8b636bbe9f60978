package io.keymux.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * A provider that keeps its own books: it names each answer, and notes what it told of
 * its usage. Now and then it fails, throttles or breaks off.
 */
final class CountingProvider implements AutoCloseable {

	private static final Duration PAUSE = Duration.ofMillis(25);

	private static final int MORE_THAN_EVER_COMES = 1 << 20;

	private static final Pattern USER = Pattern.compile("\"user\": \"(\\w+)\"");

	private static final Pattern TRACE = Pattern.compile("00-([0-9a-f]{32})-.*");

	private final HttpServer server;

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final Random random = new Random(4711);

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicInteger running = new AtomicInteger();

	private final Map<String, Told> answers = new ConcurrentHashMap<>();

	private CountingProvider(HttpServer server) {
		this.server = server;
		server.setExecutor(this.threads);
		server.createContext("/", this::answer);
		server.start();
	}

	static CountingProvider start() {
		try {
			return new CountingProvider(
					HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	int running() {
		return this.running.get();
	}

	/** What was begun, by the model each answer names. */
	Map<String, Told> answers() {
		return Map.copyOf(this.answers);
	}

	private void answer(HttpExchange exchange) throws IOException {
		this.running.incrementAndGet();
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			String name = "answer-" + this.requests.incrementAndGet();
			Told told = draw(user(body), trace(exchange));
			switch (told.way()) {
				case FAILS -> error(exchange, 500, "server_error");
				case THROTTLES -> error(exchange, 429, "rate_limit_exceeded");
				case ANSWERS, BREAKS_OFF -> {
					this.answers.put(name, told);
					if (body.contains("\"stream\"")) {
						stream(exchange, name, told);
					}
					else {
						plain(exchange, name, told);
					}
				}
			}
		}
		finally {
			this.running.decrementAndGet();
		}
	}

	/** Whom the request says it comes from. */
	private static String user(String body) {
		Matcher matcher = USER.matcher(body);
		return matcher.find() ? matcher.group(1) : "";
	}

	/** The trace the request says it belongs to. */
	private static String trace(HttpExchange exchange) {
		Matcher matcher = TRACE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
		return matcher.matches() ? matcher.group(1) : "";
	}

	private synchronized Told draw(String user, String trace) {
		int dice = this.random.nextInt(100);
		Way way = (dice < 4) ? Way.FAILS : (dice < 8) ? Way.THROTTLES : (dice < 14) ? Way.BREAKS_OFF : Way.ANSWERS;
		return new Told(user, trace, way, 1 + this.random.nextInt(1000), 1 + this.random.nextInt(5000), null);
	}

	private static void error(HttpExchange exchange, int status, String code) throws IOException {
		send(exchange, status, "{\"error\": {\"message\": \"Not now.\", \"code\": \"%s\"}}".formatted(code));
	}

	private void plain(HttpExchange exchange, String name, Told told) throws IOException {
		send(exchange, 200, "{\"model\": \"%s\", \"choices\": [], \"usage\": %s}".formatted(name, told.usage()));
		this.answers.put(name, told.whole());
	}

	private static void send(HttpExchange exchange, int status, String json) throws IOException {
		byte[] answer = json.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, answer.length);
		exchange.getResponseBody().write(answer);
	}

	private void stream(HttpExchange exchange, String name, Told told) throws IOException {
		exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
		// An answer that is shorter than it says breaks off; the connection just ends.
		exchange.sendResponseHeaders(200, (told.way() == Way.BREAKS_OFF) ? MORE_THAN_EVER_COMES : 0);
		OutputStream out = exchange.getResponseBody();
		int chunks = 2 + told.output() % 15;
		for (int i = 0; i < chunks; i++) {
			event(out, "{\"model\": \"%s\", \"choices\": [{\"delta\": {\"content\": \"one more \"}}]}".formatted(name));
			LockSupport.parkNanos(PAUSE.toNanos());
			if (told.way() == Way.BREAKS_OFF && i == chunks / 2) {
				return;
			}
		}
		event(out, "{\"model\": \"%s\", \"choices\": [], \"usage\": %s}".formatted(name, told.usage()));
		event(out, "[DONE]");
		out.close();
		this.answers.put(name, told.whole());
	}

	private static void event(OutputStream out, String data) throws IOException {
		out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
		out.flush();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/** What a request comes to. */
	enum Way {

		/** A whole answer. */
		ANSWERS,

		/** An answer that is cut, if it is a stream. */
		BREAKS_OFF,

		/** A server error. */
		FAILS,

		/** A throttle. */
		THROTTLES

	}

	/**
	 * An answer.
	 *
	 * @param user whom the request says it comes from
	 * @param trace trace it belongs to
	 * @param way what it comes to
	 * @param input input tokens
	 * @param output output tokens
	 * @param toldAt when usage had been told whole, or null if it was not
	 */
	record Told(String user, String trace, Way way, int input, int output, @Nullable Instant toldAt) {

		String usage() {
			return "{\"prompt_tokens\": %d, \"completion_tokens\": %d, \"total_tokens\": %d}".formatted(this.input,
					this.output, this.input + this.output);
		}

		Told whole() {
			return new Told(this.user, this.trace, this.way, this.input, this.output, Instant.now());
		}

	}

}
