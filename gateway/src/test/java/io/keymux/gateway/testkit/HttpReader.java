package io.keymux.gateway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** Reads HTTP/1.1 from a stream without interpreting more than framing. */
final class HttpReader {

	private static final int PIECE = 16 * 1024;

	private final InputStream in;

	HttpReader(InputStream in) {
		this.in = in;
	}

	InputStream in() {
		return this.in;
	}

	/** One line without its end, or null at the end of the stream. */
	@Nullable String line() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream(80);
		for (int next = this.in.read(); next != '\n'; next = this.in.read()) {
			if (next < 0) {
				if (line.size() > 0) {
					throw new EOFException("line cut after '" + line + "'");
				}
				return null;
			}
			line.write(next);
		}
		String text = line.toString(StandardCharsets.ISO_8859_1);
		return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
	}

	String requiredLine() throws IOException {
		String line = line();
		if (line == null) {
			throw new EOFException("stream ended where a line was due");
		}
		return line;
	}

	List<Header> headers() throws IOException {
		List<Header> headers = new ArrayList<>();
		for (String line = requiredLine(); !line.isEmpty(); line = requiredLine()) {
			int colon = line.indexOf(':');
			headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
		}
		return headers;
	}

	/** Reads exactly so many bytes, piece by piece as they arrive. */
	void exactly(long length, Consumer<byte[]> pieces) throws IOException {
		byte[] buffer = new byte[PIECE];
		long left = length;
		while (left > 0) {
			int read = this.in.read(buffer, 0, (int) Math.min(left, buffer.length));
			if (read < 0) {
				throw new EOFException(left + " of " + length + " bytes missing");
			}
			pieces.accept(java.util.Arrays.copyOf(buffer, read));
			left -= read;
		}
	}

	/** Reads one chunk; an empty one is the last, and its trailers are returned. */
	byte[] chunk(List<Header> trailers) throws IOException {
		String size = requiredLine();
		int length = Integer.parseInt(size.split(";", -1)[0].strip(), 16);
		if (length == 0) {
			trailers.addAll(headers());
			return new byte[0];
		}
		ByteArrayOutputStream chunk = new ByteArrayOutputStream(length);
		exactly(length, chunk::writeBytes);
		String end = requiredLine();
		if (!end.isEmpty()) {
			throw new IOException("chunk not followed by a line end but by '" + end + "'");
		}
		return chunk.toByteArray();
	}

	/** Whether the last transfer coding is chunked. */
	static boolean chunked(List<Header> headers) {
		List<String> codings = Header.values(headers, "Transfer-Encoding");
		return !codings.isEmpty() && codings.getLast().toLowerCase(Locale.ROOT).endsWith("chunked");
	}

	/** The announced length, or -1. */
	static long length(List<Header> headers) {
		List<String> lengths = Header.values(headers, "Content-Length");
		return lengths.isEmpty() ? -1 : Long.parseLong(lengths.getFirst());
	}

}
