package io.keymux.gateway.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An ordinary HTTP answer. */
public final class Reply implements Answer {

	private final int status;

	private final List<Header> headers = new ArrayList<>();

	private final List<byte[]> pieces = new ArrayList<>();

	private String reason;

	private boolean chunked;

	private boolean bodyless;

	private Reply(int status, String reason) {
		this.status = status;
		this.reason = reason;
	}

	/**
	 * An answer without a body.
	 * @param status HTTP status
	 * @return to be refined
	 */
	public static Reply of(int status) {
		return new Reply(status, "Scripted");
	}

	/**
	 * Sets the reason phrase.
	 * @param phrase the phrase
	 * @return this
	 */
	public Reply reason(String phrase) {
		this.reason = phrase;
		return this;
	}

	/**
	 * Adds a header line; the same name may be added again.
	 * @param name its name
	 * @param value its value
	 * @return this
	 */
	public Reply header(String name, String value) {
		this.headers.add(new Header(name, value));
		return this;
	}

	/**
	 * Sets a body of known length.
	 * @param text the body
	 * @return this
	 */
	public Reply body(String text) {
		return body(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Sets a body of known length.
	 * @param bytes the body
	 * @return this
	 */
	public Reply body(byte[] bytes) {
		this.pieces.add(bytes);
		return this;
	}

	/**
	 * Sets a chunked body.
	 * @param chunks its chunks
	 * @return this
	 */
	public Reply chunks(String... chunks) {
		this.chunked = true;
		for (String chunk : chunks) {
			this.pieces.add(chunk.getBytes(StandardCharsets.UTF_8));
		}
		return this;
	}

	/**
	 * Announces no framing, as 204 and 304 do, and as answers to HEAD may.
	 * @return this
	 */
	public Reply bodyless() {
		this.bodyless = true;
		return this;
	}

	@Override
	public void play(Wire wire) throws IOException {
		List<Header> all = new ArrayList<>(this.headers);
		if (this.chunked) {
			all.add(new Header("Transfer-Encoding", "chunked"));
		}
		else if (!this.bodyless) {
			all.add(new Header("Content-Length",
					Integer.toString(this.pieces.stream().mapToInt((p) -> p.length).sum())));
		}
		wire.head(this.status, this.reason, all);
		if (!this.bodyless && !wire.request().method().equals("HEAD")) {
			playBody(wire);
		}
	}

	private void playBody(Wire wire) throws IOException {
		for (byte[] piece : this.pieces) {
			if (this.chunked) {
				wire.chunk(piece);
			}
			else {
				wire.send(piece);
			}
		}
		if (this.chunked) {
			wire.lastChunk();
		}
	}

}
