package io.keymux.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Callers that go on asking gateways, with streams among their requests. */
final class Load implements AutoCloseable {

	/**
	 * Enough to be in flight at any moment, and to leave a small machine time for more.
	 */
	private static final Duration PAUSE = Duration.ofMillis(20);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final String accessKey;

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private final AtomicInteger answers = new AtomicInteger();

	private final AtomicInteger streams = new AtomicInteger();

	private final List<Thread> callers = new ArrayList<>();

	private final Map<Integer, URI> gateways = new ConcurrentHashMap<>();

	private volatile boolean stopped;

	Load(String accessKey) {
		this.accessKey = accessKey;
	}

	/** Begins to ask a gateway, by the number of the place it takes. */
	void on(int place, URI gateway) {
		this.gateways.put(place, gateway);
		this.callers.add(Thread.ofVirtual().start(() -> ask(place, "{\"model\": \"m\"}", PAUSE)));
		this.callers.add(Thread.ofVirtual().start(() -> ask(place, "{\"model\": \"m\", \"stream\": true}", PAUSE)));
	}

	/** Asks it no more, and waits until what is in flight is answered. */
	void off(int place) {
		this.gateways.remove(place);
		Poll.until(Duration.ofSeconds(30),
				() -> this.callers.stream().filter(Thread::isAlive).count() == 2L * this.gateways.size(),
				() -> "requests in flight to end");
	}

	private void ask(int place, String body, Duration pause) {
		URI gateway = this.gateways.get(place);
		while (!this.stopped && gateway != null) {
			try {
				HttpResponse<String> answer = this.client
					.send(HttpRequest.newBuilder(gateway.resolve("/proxy/openai/v1/chat/completions"))
						.header("Authorization", "Bearer " + this.accessKey)
						.header("Content-Type", "application/json")
						.timeout(Duration.ofSeconds(30))
						.POST(BodyPublishers.ofString(body))
						.build(), BodyHandlers.ofString());
				note(answer, body);
			}
			catch (IOException ex) {
				this.failures.add("%s: %s".formatted(gateway, ex));
			}
			catch (InterruptedException ex) {
				return;
			}
			LockSupport.parkNanos(pause.toNanos());
			gateway = this.gateways.get(place);
		}
	}

	private void note(HttpResponse<String> answer, String body) {
		boolean stream = body.contains("stream");
		boolean whole = !stream || answer.body().contains("[DONE]");
		if (answer.statusCode() != 200 || !whole) {
			this.failures.add("%s: %d %s".formatted(answer.uri(), answer.statusCode(), answer.body()));
		}
		(stream ? this.streams : this.answers).incrementAndGet();
	}

	List<String> failures() {
		return List.copyOf(this.failures);
	}

	int answers() {
		return this.answers.get();
	}

	int streams() {
		return this.streams.get();
	}

	@Override
	public void close() {
		this.stopped = true;
		for (Thread caller : this.callers) {
			try {
				caller.join(Duration.ofSeconds(30));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
		this.client.close();
	}

}
