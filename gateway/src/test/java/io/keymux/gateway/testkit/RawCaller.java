package io.keymux.gateway.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A caller that says exactly what a test wants, on its own connection. */
public final class RawCaller implements AutoCloseable {

	private final Socket socket;

	private final HttpReader reader;

	private RawCaller(Socket socket) throws IOException {
		this.socket = socket;
		this.reader = new HttpReader(new BufferedInputStream(socket.getInputStream()));
	}

	/**
	 * Connects to a port of the loopback address.
	 * @param port the port
	 * @return the open connection; reads fail after {@link Await#BOUND}
	 * @throws IOException if nobody listens
	 */
	public static RawCaller connect(int port) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
		socket.setTcpNoDelay(true);
		socket.setSoTimeout((int) Await.BOUND.toMillis());
		return new RawCaller(socket);
	}

	/**
	 * Sends a request head.
	 * @param requestLine method and target, without version
	 * @param headers header lines; Host is added
	 * @return this
	 * @throws IOException if the peer is gone
	 */
	public RawCaller head(String requestLine, String... headers) throws IOException {
		StringBuilder head = new StringBuilder(requestLine).append(" HTTP/1.1\r\nHost: 127.0.0.1:")
			.append(this.socket.getPort());
		for (String header : headers) {
			head.append("\r\n").append(header);
		}
		return send(head.append("\r\n\r\n").toString());
	}

	/**
	 * Sends text.
	 * @param text written as UTF-8
	 * @return this
	 * @throws IOException if the peer is gone
	 */
	public RawCaller send(String text) throws IOException {
		return send(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Sends bytes.
	 * @param bytes written as they are
	 * @return this
	 * @throws IOException if the peer is gone
	 */
	public RawCaller send(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		return this;
	}

	/**
	 * Reads a response head.
	 * @return status and header lines
	 * @throws IOException if there is none
	 */
	public Head readHead() throws IOException {
		String[] status = this.reader.requiredLine().split(" ", 3);
		return new Head(Integer.parseInt(status[1]), (status.length > 2) ? status[2] : "", this.reader.headers());
	}

	/**
	 * Reads the next chunk of a chunked body.
	 * @return its content; empty if it is the last
	 * @throws IOException if the body is cut
	 */
	public String readChunk() throws IOException {
		return new String(this.reader.chunk(new ArrayList<>()), StandardCharsets.UTF_8);
	}

	/**
	 * Reads a response to its end.
	 * @return head and body
	 * @throws IOException if it is cut
	 */
	public Response readResponse() throws IOException {
		return readBody(readHead());
	}

	/**
	 * Reads the body that belongs to a head.
	 * @param head the head
	 * @return head and body
	 * @throws IOException if it is cut
	 */
	public Response readBody(Head head) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		if (HttpReader.chunked(head.headers())) {
			List<Header> trailers = new ArrayList<>();
			for (byte[] chunk = this.reader.chunk(trailers); chunk.length > 0; chunk = this.reader.chunk(trailers)) {
				body.writeBytes(chunk);
			}
		}
		else {
			this.reader.exactly(Math.max(0, HttpReader.length(head.headers())), body::writeBytes);
		}
		return new Response(head, body.toByteArray());
	}

	/**
	 * Whether the peer has ended the connection after all that was read.
	 * @return true at its end; waits for more otherwise
	 * @throws IOException if the connection was reset, or neither ended nor went on
	 */
	public boolean atEnd() throws IOException {
		return this.reader.in().read() < 0;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * A response head as it stood on the wire.
	 *
	 * @param status HTTP status
	 * @param reason reason phrase
	 * @param headers header lines in order
	 */
	public record Head(int status, String reason, List<Header> headers) {

		/**
		 * All values of one header.
		 * @param name name in any case
		 * @return its values in order
		 */
		public List<String> headers(String name) {
			return Header.values(this.headers, name);
		}

	}

	/**
	 * A response read to its end.
	 *
	 * @param head its head
	 * @param body its body
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	public record Response(Head head, byte[] body) {

		/**
		 * The status.
		 * @return of the head
		 */
		public int status() {
			return this.head.status();
		}

		/**
		 * The body as text.
		 * @return read as UTF-8
		 */
		public String text() {
			return new String(this.body, StandardCharsets.UTF_8);
		}

	}

}
