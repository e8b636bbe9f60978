package io.keymux.gateway.testkit;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/** What a WebSocket caller has received. */
public final class Messages implements WebSocket.Listener {

	private final List<String> texts = new CopyOnWriteArrayList<>();

	private final StringBuilder partial = new StringBuilder();

	private final AtomicInteger binarySize = new AtomicInteger();

	private final CompletableFuture<Integer> closed = new CompletableFuture<>();

	/**
	 * Whole text messages.
	 * @return in order
	 */
	public List<String> texts() {
		return this.texts;
	}

	/**
	 * Bytes of all binary messages.
	 * @return their number
	 */
	public int binarySize() {
		return this.binarySize.get();
	}

	/**
	 * The code the peer closed with.
	 * @return fails if the connection broke
	 */
	public CompletableFuture<Integer> closed() {
		return this.closed;
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
		this.partial.append(data);
		if (last) {
			this.texts.add(this.partial.toString());
			this.partial.setLength(0);
		}
		socket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
		this.binarySize.addAndGet(data.remaining());
		socket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
		this.closed.complete(statusCode);
		return null;
	}

	@Override
	public void onError(WebSocket socket, Throwable error) {
		this.closed.completeExceptionally(error);
	}

}
