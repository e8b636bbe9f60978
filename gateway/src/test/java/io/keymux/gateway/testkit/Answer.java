package io.keymux.gateway.testkit;

import java.io.IOException;

/** What an upstream does to answer one request. */
@FunctionalInterface
public interface Answer {

	/**
	 * Plays the answer.
	 * @param wire connection to the peer
	 * @throws IOException if the peer is gone
	 * @throws InterruptedException if the upstream is closed
	 */
	void play(Wire wire) throws IOException, InterruptedException;

	/**
	 * A JSON document.
	 * @param status HTTP status
	 * @param json the document
	 * @return a reply that may be refined
	 */
	static Reply json(int status, String json) {
		return Reply.of(status).header("Content-Type", "application/json").body(json);
	}

	/**
	 * A stream of server-sent events, written at once.
	 * @param events the events, without the blank line that ends them
	 * @return a reply that may be refined
	 */
	static Reply events(String... events) {
		String[] frames = new String[events.length];
		for (int i = 0; i < events.length; i++) {
			frames[i] = events[i] + "\n\n";
		}
		return Reply.of(200).header("Content-Type", "text/event-stream").chunks(frames);
	}

	/**
	 * Bytes as they are, then the end of the connection.
	 * @param text everything the peer gets to read
	 * @return the answer
	 */
	static Answer rawAndClose(String text) {
		return (wire) -> {
			wire.send(text);
			wire.close();
		};
	}

	/**
	 * A TCP reset instead of an answer.
	 * @return the answer
	 */
	static Answer reset() {
		return Wire::reset;
	}

	/**
	 * The end of the connection instead of an answer.
	 * @return the answer
	 */
	static Answer close() {
		return Wire::close;
	}

	/**
	 * No answer at all until the peer gives up.
	 * @return the answer
	 */
	static Answer silence() {
		return (wire) -> wire.request().closed().join();
	}

}
