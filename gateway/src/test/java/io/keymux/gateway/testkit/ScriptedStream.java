package io.keymux.gateway.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A chunked answer whose every chunk leaves when the test says so. */
public final class ScriptedStream implements Answer {

	private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();

	private final CompletableFuture<ReceivedRequest> started = new CompletableFuture<>();

	private final List<Header> headers = new ArrayList<>();

	private ScriptedStream(String contentType) {
		this.headers.add(new Header("Content-Type", contentType));
		this.headers.add(new Header("Transfer-Encoding", "chunked"));
	}

	/**
	 * A stream of server-sent events.
	 * @return without any event yet; the head leaves at once
	 */
	public static ScriptedStream events() {
		return of("text/event-stream");
	}

	/**
	 * A stream of any type.
	 * @param contentType the type
	 * @return without any chunk yet; the head leaves at once
	 */
	public static ScriptedStream of(String contentType) {
		return new ScriptedStream(contentType);
	}

	/**
	 * Adds a header line, before the stream is asked for.
	 * @param name its name
	 * @param value its value
	 * @return this
	 */
	public ScriptedStream header(String name, String value) {
		this.headers.add(new Header(name, value));
		return this;
	}

	/**
	 * Sends one chunk now.
	 * @param text its content
	 * @return this
	 */
	public ScriptedStream send(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return then((wire) -> wire.chunk(bytes));
	}

	/**
	 * Ends the stream as it should end.
	 * @return this
	 */
	public ScriptedStream end() {
		return then(Wire::lastChunk).then(LAST);
	}

	/**
	 * Closes the connection without the last chunk.
	 * @return this
	 */
	public ScriptedStream cut() {
		return then(Wire::close).then(LAST);
	}

	/**
	 * Resets the connection.
	 * @return this
	 */
	public ScriptedStream reset() {
		return then(Wire::reset).then(LAST);
	}

	/**
	 * Waits until the stream is asked for.
	 * @return the request it answers
	 */
	public ReceivedRequest request() {
		return Await.on(this.started);
	}

	private ScriptedStream then(Step step) {
		this.steps.add(step);
		return this;
	}

	@Override
	public void play(Wire wire) throws IOException, InterruptedException {
		wire.head(200, "OK", this.headers);
		this.started.complete(wire.request());
		for (Step step = next(); step != LAST; step = next()) {
			step.play(wire);
		}
	}

	private Step next() throws IOException, InterruptedException {
		Step step = this.steps.poll(Await.BOUND.toSeconds() * 2, TimeUnit.SECONDS);
		if (step == null) {
			throw new IOException("the test forgot to end its stream");
		}
		return step;
	}

	private static final Step LAST = (wire) -> {
	};

	/** One move on the wire. */
	@FunctionalInterface
	private interface Step {

		void play(Wire wire) throws IOException;

	}

}
