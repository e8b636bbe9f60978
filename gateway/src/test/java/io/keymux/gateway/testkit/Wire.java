package io.keymux.gateway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An upstream's end of the connection while it answers one request. */
public final class Wire {

	private final Socket socket;

	private final InputStream in;

	private final ReceivedRequest request;

	Wire(Socket socket, InputStream in, ReceivedRequest request) {
		this.socket = socket;
		this.in = in;
		this.request = request;
	}

	/**
	 * What is being answered.
	 * @return the request
	 */
	public ReceivedRequest request() {
		return this.request;
	}

	/**
	 * What the peer says after an upgrade.
	 * @return bytes as they arrive
	 */
	public InputStream in() {
		return this.in;
	}

	/**
	 * Writes bytes.
	 * @param bytes written as they are
	 * @throws IOException if the peer is gone
	 */
	public void send(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
	}

	/**
	 * Writes text.
	 * @param text written as UTF-8
	 * @throws IOException if the peer is gone
	 */
	public void send(String text) throws IOException {
		send(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Writes a response head.
	 * @param status HTTP status
	 * @param reason reason phrase
	 * @param headers header lines
	 * @throws IOException if the peer is gone
	 */
	public void head(int status, String reason, List<Header> headers) throws IOException {
		StringBuilder head = new StringBuilder(200).append("HTTP/1.1 ").append(status).append(' ').append(reason);
		for (Header header : headers) {
			head.append("\r\n").append(header.name()).append(": ").append(header.value());
		}
		send(head.append("\r\n\r\n").toString());
	}

	/**
	 * Writes one chunk in one segment.
	 * @param bytes its content
	 * @throws IOException if the peer is gone
	 */
	public void chunk(byte[] bytes) throws IOException {
		ByteArrayOutputStream framed = new ByteArrayOutputStream(bytes.length + 12);
		framed.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
		framed.writeBytes(bytes);
		framed.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
		send(framed.toByteArray());
	}

	/**
	 * Ends a chunked body properly.
	 * @throws IOException if the peer is gone
	 */
	public void lastChunk() throws IOException {
		send("0\r\n\r\n");
	}

	/**
	 * Closes the connection.
	 * @throws IOException if that fails
	 */
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * Resets the connection (RST), so that the peer may lose what it has not read.
	 * @throws IOException if that fails
	 */
	public void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	boolean closed() {
		return this.socket.isClosed();
	}

}
