package io.keymux.gateway.recording;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

import io.keymux.gateway.record.RecordedBody;
import org.jspecify.annotations.Nullable;

/** The beginning of a body, kept while it passes. */
final class BodyStart {

	static final int MAX = 64 << 10;

	private final String contentType;

	private final String encoding;

	private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

	private boolean truncated;

	BodyStart(String contentType, String encoding) {
		this.contentType = contentType;
		this.encoding = encoding;
	}

	synchronized void add(byte[] bytes, int from, int to) {
		int count = Math.min(MAX - this.kept.size(), to - from);
		this.kept.write(bytes, from, count);
		this.truncated |= count < to - from;
	}

	/** Unpacked where that is possible, and without the keys of the request. */
	synchronized RecordedBody close(@Nullable String... secrets) {
		byte[] packed = this.kept.toByteArray();
		try {
			byte[] plain = switch (this.encoding.toLowerCase(Locale.ROOT)) {
				case "gzip", "x-gzip" -> unpack(new GZIPInputStream(new ByteArrayInputStream(packed)));
				case "deflate" -> unpack(new InflaterInputStream(new ByteArrayInputStream(packed)));
				case "", "identity" -> packed;
				default -> throw new IOException("unknown coding");
			};
			boolean cut = this.truncated || plain.length > MAX;
			return new RecordedBody(limit(Redaction.body(plain, secrets)), this.contentType, cut);
		}
		catch (IOException ex) {
			// Not what its header says it is: what cannot be read cannot be redacted.
			return new RecordedBody(new byte[0], this.contentType, true);
		}
	}

	private static byte[] limit(byte[] bytes) {
		return (bytes.length > MAX) ? Arrays.copyOf(bytes, MAX) : bytes;
	}

	/** As much as there is: the packed bytes may break off. */
	private static byte[] unpack(InputStream packed) throws IOException {
		ByteArrayOutputStream plain = new ByteArrayOutputStream();
		byte[] part = new byte[8192];
		try (packed) {
			for (int count = packed.read(part); count >= 0 && plain.size() <= MAX; count = packed.read(part)) {
				plain.write(part, 0, count);
			}
		}
		catch (EOFException ex) {
			return plain.toByteArray();
		}
		return plain.toByteArray();
	}

}
