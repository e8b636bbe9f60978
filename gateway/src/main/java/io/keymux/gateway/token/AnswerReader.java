package io.keymux.gateway.token;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what an answer tells of itself, from its bytes as they pass; nothing waits for it
 * and no byte is changed. Not thread-safe.
 */
public final class AnswerReader implements AutoCloseable {

	/** Bytes from which output is estimated when no usage is told. */
	private static final int SAMPLE = 16 << 10;

	private static final List<String> CODE_FIELDS = List.of("code", "status", "type");

	private final boolean events;

	/** Reads documents and events; text of any other kind is only sampled. */
	private final @Nullable AnswerScan scan;

	private final boolean readable;

	private final @Nullable Inflation inflation;

	private byte[] sample = new byte[0];

	private int sampled;

	private long length;

	private TokenUsage frames = TokenUsage.NONE;

	private boolean framesTold;

	private AnswerReader(boolean readable, boolean events, @Nullable AnswerScan scan, @Nullable Inflation inflation) {
		this.readable = readable;
		this.events = events;
		this.scan = scan;
		this.inflation = inflation;
	}

	/**
	 * Begins to read.
	 * @param contentType media type of the answer, empty if none was named
	 * @param contentEncoding its content coding, empty if there is none
	 * @return the reader
	 */
	public static AnswerReader of(String contentType, String contentEncoding) {
		String type = contentType.toLowerCase(Locale.ROOT);
		return switch (contentEncoding.toLowerCase(Locale.ROOT)) {
			case "", "identity" -> of(type, (Inflation) null);
			case "gzip", "x-gzip" -> of(type, new Inflation(true));
			case "deflate" -> of(type, new Inflation(false));
			default -> new AnswerReader(false, type.startsWith("text/event-stream"), null, null);
		};
	}

	private static AnswerReader of(String type, @Nullable Inflation inflation) {
		boolean events = type.startsWith("text/event-stream");
		boolean documents = events || type.contains("json");
		return new AnswerReader(documents || type.startsWith("text/"), events,
				documents ? new AnswerScan(events) : null, inflation);
	}

	/**
	 * Begins to read the frames of a WebSocket.
	 * @return the reader
	 */
	public static AnswerReader ofFrames() {
		return new AnswerReader(true, false, new AnswerScan(false), null);
	}

	/**
	 * Whether the answer comes as Server-Sent Events.
	 * @return true if it does
	 */
	public boolean events() {
		return this.events;
	}

	/**
	 * Takes the next bytes.
	 * @param bytes holds them
	 * @param from where they begin
	 * @param to where they end
	 */
	public void read(byte[] bytes, int from, int to) {
		if (!this.readable) {
			return;
		}
		if (this.inflation != null) {
			this.inflation.unpack(bytes, from, to, this::plain);
		}
		else {
			plain(bytes, from, to);
		}
	}

	/**
	 * Takes a whole frame of a WebSocket; the usage of several answers adds up.
	 * @param bytes the frame
	 */
	public void frame(byte[] bytes) {
		if (this.scan == null) {
			return;
		}
		this.scan.nextDocument();
		plain(bytes, 0, bytes.length);
		byte[] told = this.scan.lastUsage();
		if (told != null) {
			TokenUsage usage = UsageDocument.read(null, told);
			this.frames = this.frames.plus((usage != null) ? usage : TokenUsage.NONE);
			this.framesTold = true;
			this.scan.forgetUsage();
		}
	}

	private void plain(byte[] bytes, int from, int to) {
		AnswerScan active = this.scan;
		if (active != null) {
			active.read(bytes, from, to);
		}
		this.length += to - from;
		if (this.sampled < SAMPLE && (active == null || this.events || active.lastUsage() == null)) {
			int count = Math.min(SAMPLE - this.sampled, to - from);
			if (this.sampled + count > this.sample.length) {
				this.sample = Arrays.copyOf(this.sample, Math.min(SAMPLE, Math.max(1024, (this.sampled + count) * 2)));
			}
			System.arraycopy(bytes, from, this.sample, this.sampled, count);
			this.sampled += count;
		}
	}

	/**
	 * What has been told so far.
	 * @return what is known
	 */
	public AnswerFacts facts() {
		AnswerScan read = this.scan;
		if (read == null) {
			return new AnswerFacts(null, false, null, null, null, Arrays.copyOf(this.sample, this.sampled), this.length,
					this.events);
		}
		TokenUsage told = this.framesTold ? this.frames : UsageDocument.read(read.firstUsage(), read.lastUsage());
		ObjectNode error = UsageDocument.object(read.error());
		return new AnswerFacts(told, this.events && read.usageOpensStream(), UsageDocument.text(read.model()),
				(error != null) ? code(error) : null, (error != null) ? error.path("message").asString("") : null,
				Arrays.copyOf(this.sample, this.sampled), this.length, this.events);
	}

	/** OpenAI's code, Google's status, or the type that OpenAI and Anthropic name. */
	private static String code(ObjectNode error) {
		for (String field : CODE_FIELDS) {
			if (error.path(field).isString()) {
				return error.path(field).asString();
			}
		}
		return "error";
	}

	@Override
	public void close() {
		if (this.inflation != null) {
			this.inflation.close();
		}
	}

}
