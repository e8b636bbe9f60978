package io.keymux.gateway.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request as it stood on the wire; its body may still be arriving. */
public final class ReceivedRequest {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final String method;

	private final String target;

	private final List<Header> headers;

	private final ByteArrayOutputStream body = new ByteArrayOutputStream();

	private final CompletableFuture<Void> complete = new CompletableFuture<>();

	private final CompletableFuture<Void> closed;

	ReceivedRequest(String method, String target, List<Header> headers, CompletableFuture<Void> closed) {
		this.method = method;
		this.target = target;
		this.headers = List.copyOf(headers);
		this.closed = closed;
	}

	synchronized void receive(byte[] piece) {
		this.body.writeBytes(piece);
	}

	/**
	 * The method.
	 * @return as on the wire
	 */
	public String method() {
		return this.method;
	}

	/**
	 * The request target, byte for byte.
	 * @return as on the wire
	 */
	public String target() {
		return this.target;
	}

	/**
	 * All header lines in order, duplicates included.
	 * @return as on the wire
	 */
	public List<Header> headers() {
		return this.headers;
	}

	/**
	 * All values of one header.
	 * @param name name in any case
	 * @return its values in order
	 */
	public List<String> headers(String name) {
		return Header.values(this.headers, name);
	}

	/**
	 * The first value of one header.
	 * @param name name in any case
	 * @return its value, or null
	 */
	public @Nullable String header(String name) {
		List<String> values = headers(name);
		return values.isEmpty() ? null : values.getFirst();
	}

	/**
	 * The credential, wherever the provider looks for it.
	 * @return the key, or an empty text
	 */
	public String key() {
		String authorization = header("Authorization");
		if (authorization != null) {
			return authorization.replaceFirst("^Bearer ", "");
		}
		String anthropic = header("x-api-key");
		String google = header("x-goog-api-key");
		return (anthropic != null) ? anthropic : (google != null) ? google : "";
	}

	/**
	 * What has arrived of the body so far.
	 * @return the bytes
	 */
	public synchronized byte[] body() {
		return this.body.toByteArray();
	}

	/**
	 * How much has arrived of the body so far.
	 * @return number of bytes
	 */
	public synchronized int bodySize() {
		return this.body.size();
	}

	/**
	 * The body as text.
	 * @return read as UTF-8
	 */
	public String text() {
		return new String(body(), StandardCharsets.UTF_8);
	}

	/**
	 * The body as JSON.
	 * @return the document
	 */
	public JsonNode json() {
		return JSON.readTree(body());
	}

	/**
	 * Completes when the whole body is here.
	 * @return fails if it was cut
	 */
	public CompletableFuture<Void> complete() {
		return this.complete;
	}

	/**
	 * Completes when the peer has closed or reset the connection of this request.
	 * @return never fails
	 */
	public CompletableFuture<Void> closed() {
		return this.closed;
	}

	@Override
	public String toString() {
		return this.method + " " + this.target + " " + this.headers;
	}

}
