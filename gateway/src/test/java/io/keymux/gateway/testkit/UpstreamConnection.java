package io.keymux.gateway.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

import org.jspecify.annotations.Nullable;

/**
 * One connection of a scripted upstream: one thread reads, so that the peer's hang-up is
 * seen while the other one answers.
 */
final class UpstreamConnection {

	private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

	private final Socket socket;

	private final ScriptedUpstream upstream;

	/** Shared: after an upgrade the answer reads on where the reader stopped. */
	private final InputStream in;

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	/** Requests in order; empty when there will be no more. */
	private final BlockingQueue<Optional<ReceivedRequest>> unanswered = new LinkedBlockingQueue<>();

	UpstreamConnection(Socket socket, ScriptedUpstream upstream) throws IOException {
		this.socket = socket;
		this.upstream = upstream;
		this.in = new BufferedInputStream(socket.getInputStream());
	}

	void read() {
		try {
			HttpReader reader = new HttpReader(this.in);
			boolean more = true;
			while (more) {
				more = readRequest(reader);
			}
		}
		catch (IOException | RuntimeException ex) {
			this.closed.complete(null);
		}
		this.unanswered.add(Optional.empty());
	}

	private boolean readRequest(HttpReader reader) throws IOException {
		String line = reader.line();
		if (line == null) {
			this.closed.complete(null);
			return false;
		}
		String[] parts = line.split(" ", 3);
		List<Header> headers = reader.headers();
		ReceivedRequest request = new ReceivedRequest(parts[0], parts[1], headers, this.closed);
		this.upstream.record(request);
		this.unanswered.add(Optional.of(request));
		if (!Header.values(headers, "Upgrade").isEmpty()) {
			request.complete().complete(null);
			return false;
		}
		if (Header.values(headers, "Expect").contains("100-continue")) {
			this.socket.getOutputStream().write(CONTINUE.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
		}
		readBody(reader, request);
		return true;
	}

	private static void readBody(HttpReader reader, ReceivedRequest request) throws IOException {
		try {
			if (HttpReader.chunked(request.headers())) {
				List<Header> trailers = new ArrayList<>();
				for (byte[] chunk = reader.chunk(trailers); chunk.length > 0; chunk = reader.chunk(trailers)) {
					request.receive(chunk);
				}
			}
			else {
				reader.exactly(Math.max(0, HttpReader.length(request.headers())), request::receive);
			}
			request.complete().complete(null);
		}
		catch (IOException ex) {
			request.complete().completeExceptionally(ex);
			throw ex;
		}
	}

	void answer() {
		try {
			for (Optional<ReceivedRequest> next = this.unanswered.take(); next
				.isPresent(); next = this.unanswered.take()) {
				Wire wire = new Wire(this.socket, this.in, next.get());
				answerTo(next.get()).play(wire);
				if (wire.closed()) {
					return;
				}
				if ("close".equalsIgnoreCase(next.get().header("Connection"))) {
					break;
				}
			}
			this.socket.close();
		}
		catch (IOException | InterruptedException | ExecutionException ex) {
			closeSocket();
		}
	}

	private Answer answerTo(ReceivedRequest request) throws InterruptedException, ExecutionException {
		@Nullable Answer early = this.upstream.answerAtHead(request);
		if (early != null) {
			return early;
		}
		request.complete().get();
		return this.upstream.answer(request);
	}

	private void closeSocket() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// the peer was faster
		}
	}

}
