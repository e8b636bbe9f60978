package io.keymux.gateway.token;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Reads an answer's bytes as they pass and keeps the few that tell token usage, model and
 * error. A chunk may end anywhere, within a name or an escape too.
 *
 * <p>
 * The places looked at are members of the document, or of each element if the document is
 * an array, or of each event of a stream; and those of its members {@code response}
 * (OpenAI responses), {@code message} (Anthropic) and {@code x_groq}. Names that a model
 * or a caller wrote stand deeper, or in strings, and are not taken for the provider's.
 */
final class AnswerScan {

	private static final int MAX_NAME = 16;

	private static final int MAX_DEPTH = 62;

	/** Whether lines of Server-Sent Events surround the documents. */
	private final boolean events;

	private final Capture usage = new Capture(8192);

	private final Capture model = new Capture(512);

	private final Capture error = new Capture(4096);

	/**
	 * The usage that came first and was not the last: Anthropic tells it in two parts.
	 */
	private byte @Nullable [] firstUsage;

	private byte @Nullable [] modelName;

	private byte @Nullable [] errorObject;

	private int depth;

	/** One bit a level: whether the container there is an object. */
	private long objects;

	/** Depth of the object the looked-at members stand in. */
	private int base;

	/** Whether the object at base + 1 is one of those that are looked into. */
	private boolean inner;

	/** Whether that object is Anthropic's {@code message}, which begins a stream. */
	private boolean inMessage;

	private boolean usageOpensStream;

	private boolean inString;

	private boolean escaped;

	private boolean nameExpected;

	private boolean readingName;

	private final byte[] name = new byte[MAX_NAME];

	private int nameLength;

	private Name pending = Name.OTHER;

	private @Nullable Capture capturing;

	private int captureDepth;

	private Line line;

	private int matched;

	AnswerScan(boolean events) {
		this.events = events;
		this.line = events ? Line.START : Line.DATA;
	}

	/** Takes the next bytes. */
	void read(byte[] bytes, int from, int to) {
		int position = from;
		while (position < to) {
			position = (this.line == Line.DATA) ? document(bytes, position, to) : line(bytes, position, to);
		}
	}

	/** Begins another document, such as the next frame of a WebSocket. */
	void nextDocument() {
		this.depth = 0;
		this.objects = 0;
		this.base = 0;
		this.inner = false;
		this.inString = false;
		this.escaped = false;
		this.nameExpected = false;
		this.readingName = false;
		this.pending = Name.OTHER;
		if (this.capturing != null) {
			this.capturing.abandon();
			this.capturing = null;
		}
	}

	/** The first usage object, if a later one followed. */
	byte @Nullable [] firstUsage() {
		return this.firstUsage;
	}

	/** The last whole usage object. */
	byte @Nullable [] lastUsage() {
		return this.usage.value();
	}

	/** The first model named, as a JSON string. */
	byte @Nullable [] model() {
		return this.modelName;
	}

	/** The first error object. */
	byte @Nullable [] error() {
		return this.errorObject;
	}

	/** Whether the last usage came with the beginning of a stream and is not whole. */
	boolean usageOpensStream() {
		return this.usageOpensStream;
	}

	/** Forgets the usage that was read. */
	void forgetUsage() {
		this.firstUsage = null;
		this.usage.clear();
	}

	private int line(byte[] bytes, int from, int to) {
		int position = from;
		while (position < to) {
			byte c = bytes[position++];
			if (c == '\n' || c == '\r') {
				boolean empty = this.line == Line.START || (this.line == Line.AFTER_RETURN && c == '\r');
				if (empty) {
					nextDocument();
				}
				// The line feed of a pair ends no line of its own.
				this.line = (c == '\n') ? Line.START : Line.AFTER_RETURN;
			}
			else if (this.line == Line.AFTER_RETURN || this.line == Line.START) {
				this.line = (c == 'd') ? Line.NAME : Line.OTHER;
				this.matched = 1;
			}
			else if (this.line == Line.NAME) {
				this.line = name(c);
				if (this.line == Line.DATA) {
					return position;
				}
			}
		}
		return position;
	}

	private Line name(byte c) {
		if (this.matched == 4) {
			return (c == ':') ? Line.DATA : Line.OTHER;
		}
		return (c == "data".charAt(this.matched++)) ? Line.NAME : Line.OTHER;
	}

	private int document(byte[] bytes, int from, int to) {
		int captureFrom = from;
		int position = from;
		while (position < to) {
			if (this.inString) {
				position = string(bytes, position, to);
				if (!this.inString && this.capturing == this.model && this.depth == this.captureDepth) {
					captured(bytes, captureFrom, position);
				}
				continue;
			}
			byte c = bytes[position++];
			switch (c) {
				case '"' -> {
					if (this.pending == Name.MODEL && !this.nameExpected && atName()) {
						capture(this.model);
						captureFrom = position - 1;
					}
					openString();
				}
				case '{' -> {
					if (!this.nameExpected && atName() && (this.pending == Name.USAGE || this.pending == Name.ERROR)) {
						capture((this.pending == Name.USAGE) ? this.usage : this.error);
						captureFrom = position - 1;
					}
					open(true);
				}
				case '[' -> open(false);
				case '}', ']' -> {
					close();
					if (this.capturing != null && this.depth == this.captureDepth) {
						captured(bytes, captureFrom, position);
					}
				}
				case ',' -> {
					this.nameExpected = object();
					this.pending = atName() ? Name.OTHER : this.pending;
				}
				case ':' -> this.nameExpected = false;
				case '\n', '\r' -> {
					if (this.events) {
						keep(bytes, captureFrom, position - 1);
						this.line = (c == '\n') ? Line.START : Line.AFTER_RETURN;
						return position;
					}
				}
				default -> {
				}
			}
		}
		keep(bytes, captureFrom, position);
		return position;
	}

	private void keep(byte[] bytes, int from, int to) {
		if (this.capturing != null) {
			this.capturing.add(bytes, from, to);
		}
	}

	private void capture(Capture capture) {
		if (this.capturing == null) {
			this.capturing = capture;
			this.captureDepth = this.depth;
			if (capture == this.usage) {
				this.firstUsage = (this.firstUsage != null) ? this.firstUsage : this.usage.value();
				this.usageOpensStream = this.inner && this.inMessage;
			}
			capture.begin();
		}
	}

	private void captured(byte[] bytes, int from, int to) {
		Capture done = this.capturing;
		if (done == null) {
			return;
		}
		done.add(bytes, from, to);
		done.end();
		this.capturing = null;
		this.pending = Name.OTHER;
		if (done == this.model && this.modelName == null) {
			this.modelName = done.value();
		}
		else if (done == this.error && this.errorObject == null) {
			this.errorObject = done.value();
		}
	}

	private void openString() {
		this.inString = true;
		this.readingName = this.nameExpected && atName();
		this.nameLength = 0;
	}

	/** Runs to the end of a string or of the bytes. */
	private int string(byte[] bytes, int from, int to) {
		int position = from;
		while (position < to) {
			byte c = bytes[position++];
			if (this.escaped) {
				this.escaped = false;
			}
			else if (c == '\\') {
				this.escaped = true;
			}
			else if (c == '"') {
				name(bytes, from, position - 1);
				this.inString = false;
				if (this.readingName) {
					this.pending = Name.of(this.name, this.nameLength);
					this.readingName = false;
				}
				return position;
			}
			else if (c == '\n' && this.events) {
				// No string of JSON goes on here; what follows is another line.
				this.inString = false;
				return position - 1;
			}
		}
		name(bytes, from, position);
		return position;
	}

	private void name(byte[] bytes, int from, int to) {
		if (this.readingName) {
			int length = Math.min(to - from, MAX_NAME - this.nameLength);
			System.arraycopy(bytes, from, this.name, this.nameLength, length);
			// What fills the place is longer than any name that is looked for.
			this.nameLength += length;
		}
	}

	private void open(boolean object) {
		if (object && this.base == 0) {
			this.base = this.depth + 1;
		}
		if (object && this.depth == this.base) {
			this.inMessage = this.pending == Name.MESSAGE;
			this.inner = (this.inMessage || this.pending == Name.PARENT) && !this.nameExpected;
		}
		this.depth++;
		if (this.depth <= MAX_DEPTH) {
			long bit = 1L << this.depth;
			this.objects = object ? (this.objects | bit) : (this.objects & ~bit);
		}
		this.nameExpected = object;
		this.pending = atName() ? Name.OTHER : this.pending;
	}

	private void close() {
		if (this.depth > 0) {
			this.depth--;
		}
		if (this.depth < this.base) {
			// The next element of an array of documents begins at the same depth.
			this.inner = false;
		}
		this.nameExpected = false;
		if (atName()) {
			this.pending = Name.OTHER;
		}
	}

	private boolean object() {
		return this.depth <= MAX_DEPTH && (this.objects & (1L << this.depth)) != 0;
	}

	/** Whether names at the present depth are looked at. */
	private boolean atName() {
		return this.base != 0 && (this.depth == this.base || (this.inner && this.depth == this.base + 1)) && object();
	}

	/** Where in a line of Server-Sent Events the scan is. */
	private enum Line {

		/** At its first byte. */
		START,

		/** Behind a carriage return. */
		AFTER_RETURN,

		/** Within a name that may be {@code data}. */
		NAME,

		/** Within data. */
		DATA,

		/** Within anything else. */
		OTHER

	}

	/** Names that are looked for. */
	private enum Name {

		/** Token usage. */
		USAGE,

		/** The model. */
		MODEL,

		/** An error. */
		ERROR,

		/** An object to look into. */
		PARENT,

		/** Anthropic's object to look into. */
		MESSAGE,

		/** Any other. */
		OTHER;

		static Name of(byte[] name, int length) {
			return switch (length) {
				case 5 -> is(name, length, "usage") ? USAGE
						: is(name, length, "model") ? MODEL : is(name, length, "error") ? ERROR : OTHER;
				case 6 -> is(name, length, "x_groq") ? PARENT : OTHER;
				case 7 -> is(name, length, "message") ? MESSAGE : OTHER;
				case 8 -> is(name, length, "response") ? PARENT : OTHER;
				case 12 -> is(name, length, "modelVersion") ? MODEL : OTHER;
				case 13 -> is(name, length, "usageMetadata") ? USAGE : OTHER;
				default -> OTHER;
			};
		}

		private static boolean is(byte[] name, int length, String text) {
			for (int i = 0; i < length; i++) {
				if (name[i] != text.charAt(i)) {
					return false;
				}
			}
			return true;
		}

	}

	/** The bytes of one value, up to a bound. */
	private static final class Capture {

		private final int max;

		private byte[] bytes = new byte[0];

		private int length;

		private byte @Nullable [] value;

		Capture(int max) {
			this.max = max;
		}

		void begin() {
			this.length = 0;
		}

		void add(byte[] from, int start, int end) {
			int count = Math.max(0, end - start);
			if (this.length + count > this.max) {
				// Longer than anything a provider says here.
				this.length = this.max + 1;
				return;
			}
			if (this.length + count > this.bytes.length) {
				this.bytes = Arrays.copyOf(this.bytes, Math.min(this.max, Math.max(256, (this.length + count) * 2)));
			}
			System.arraycopy(from, start, this.bytes, this.length, count);
			this.length += count;
		}

		void end() {
			if (this.length <= this.max) {
				this.value = Arrays.copyOf(this.bytes, this.length);
			}
		}

		void abandon() {
			this.length = 0;
		}

		void clear() {
			this.value = null;
		}

		byte @Nullable [] value() {
			return this.value;
		}

	}

}
