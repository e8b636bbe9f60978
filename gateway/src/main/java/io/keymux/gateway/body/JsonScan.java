package io.keymux.gateway.body;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the members of JSON objects and arrays (RFC 8259) by their place in the bytes,
 * without building a tree.
 */
public final class JsonScan {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static final int MAX_DEPTH = 1000;

	private final byte[] json;

	private int position;

	private JsonScan(byte[] json, int position) {
		this.json = json;
		this.position = position;
	}

	/**
	 * The members of the object a document consists of.
	 * @param json UTF-8 bytes
	 * @return the object, or null if the document is no well-formed object
	 */
	public static @Nullable Container object(byte[] json) {
		JsonScan scan = new JsonScan(json, 0);
		scan.skipByteOrderMark();
		scan.skipSpace();
		Container object = scan.container('{', '}');
		scan.skipSpace();
		return (object == null || scan.position != json.length) ? null : object;
	}

	/**
	 * The members of an object or array found before.
	 * @param json UTF-8 bytes
	 * @param value the place of the value
	 * @return its members, or null if it is neither object nor array
	 */
	public static @Nullable Container container(byte[] json, Span value) {
		return switch (json[value.start()]) {
			case '{' -> new JsonScan(json, value.start()).container('{', '}');
			case '[' -> new JsonScan(json, value.start()).container('[', ']');
			default -> null;
		};
	}

	/**
	 * The text of a string.
	 * @param json UTF-8 bytes
	 * @param value the place of the value
	 * @return the decoded text, or null if the value is no string
	 */
	public static @Nullable String string(byte[] json, Span value) {
		if (json[value.start()] != '"') {
			return null;
		}
		for (int i = value.start() + 1; i < value.end() - 1; i++) {
			if (json[i] == '\\') {
				return decode(json, value);
			}
		}
		return new String(json, value.start() + 1, value.end() - value.start() - 2, StandardCharsets.UTF_8);
	}

	private static @Nullable String decode(byte[] json, Span value) {
		try {
			return MAPPER.readValue(json, value.start(), value.end() - value.start(), String.class);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private @Nullable Container container(char open, char close) {
		if (peek() != open) {
			return null;
		}
		int start = this.position++;
		List<Member> members = new ArrayList<>();
		skipSpace();
		if (peek() == close) {
			this.position++;
			return new Container(new Span(start, this.position), members);
		}
		while (true) {
			Member member = member(open == '{');
			if (member == null) {
				return null;
			}
			members.add(member);
			skipSpace();
			int next = peek();
			this.position++;
			if (next == close) {
				return new Container(new Span(start, this.position), members);
			}
			if (next != ',') {
				return null;
			}
			skipSpace();
		}
	}

	private @Nullable Member member(boolean named) {
		Span name = null;
		if (named) {
			int start = this.position;
			if (!skipString()) {
				return null;
			}
			name = new Span(start, this.position);
			skipSpace();
			if (peek() != ':') {
				return null;
			}
			this.position++;
			skipSpace();
		}
		int start = this.position;
		return skipValue() ? new Member(name, new Span(start, this.position)) : null;
	}

	private boolean skipValue() {
		return switch (peek()) {
			case '"' -> skipString();
			case '{', '[' -> skipContainer();
			default -> skipLiteral();
		};
	}

	/** Steps over a nested value by its brackets alone; what it holds is not judged. */
	private boolean skipContainer() {
		byte[] closers = new byte[16];
		int depth = 0;
		while (this.position < this.json.length) {
			byte current = this.json[this.position];
			switch (current) {
				case '"' -> {
					if (!skipString()) {
						return false;
					}
					continue;
				}
				case '{', '[' -> {
					if (depth == MAX_DEPTH) {
						return false;
					}
					if (depth == closers.length) {
						closers = java.util.Arrays.copyOf(closers, depth * 2);
					}
					closers[depth++] = (byte) ((current == '{') ? '}' : ']');
				}
				case '}', ']' -> {
					if (closers[--depth] != current) {
						return false;
					}
					if (depth == 0) {
						this.position++;
						return true;
					}
				}
				default -> {
				}
			}
			this.position++;
		}
		return false;
	}

	private boolean skipString() {
		if (peek() != '"') {
			return false;
		}
		int i = this.position + 1;
		while (i < this.json.length) {
			byte current = this.json[i];
			if (current == '"') {
				this.position = i + 1;
				return true;
			}
			i += (current == '\\') ? 2 : 1;
		}
		return false;
	}

	private boolean skipLiteral() {
		int start = this.position;
		while (this.position < this.json.length && isLiteral(this.json[this.position])) {
			this.position++;
		}
		return this.position > start;
	}

	private static boolean isLiteral(byte current) {
		return (current >= 'a' && current <= 'z') || (current >= '0' && current <= '9') || current == '-'
				|| current == '+' || current == '.' || current == 'E';
	}

	private void skipSpace() {
		while (this.position < this.json.length) {
			byte current = this.json[this.position];
			if (current != ' ' && current != '\n' && current != '\r' && current != '\t') {
				return;
			}
			this.position++;
		}
	}

	private void skipByteOrderMark() {
		if (this.json.length >= 3 && this.json[0] == (byte) 0xEF && this.json[1] == (byte) 0xBB
				&& this.json[2] == (byte) 0xBF) {
			this.position = 3;
		}
	}

	private int peek() {
		return (this.position < this.json.length) ? this.json[this.position] : -1;
	}

	/**
	 * A range of bytes.
	 *
	 * @param start first byte
	 * @param end byte behind the last one
	 */
	public record Span(int start, int end) {
	}

	/**
	 * A member of an object, or an element of an array.
	 *
	 * @param name place of the name with its quotes, null in arrays
	 * @param value place of the value
	 */
	public record Member(@Nullable Span name, Span value) {

		/** Where the member begins. */
		int start() {
			return (this.name != null) ? this.name.start() : this.value.start();
		}

		/** The decoded name, or null in arrays. */
		public @Nullable String name(byte[] json) {
			return (this.name != null) ? string(json, this.name) : null;
		}

	}

	/**
	 * An object or array.
	 *
	 * @param span its place, brackets included
	 * @param members its members in order
	 */
	public record Container(Span span, List<Member> members) {

		/**
		 * The member of a name; of several, the last, as most parsers have it.
		 * @param json the bytes that were scanned
		 * @param name the name
		 * @return its value, or null if there is none
		 */
		public @Nullable Span find(byte[] json, String name) {
			for (int i = this.members.size() - 1; i >= 0; i--) {
				Member member = this.members.get(i);
				if (member.name != null && named(json, member.name, name)) {
					return member.value;
				}
			}
			return null;
		}

		/** Compares without decoding where nothing is escaped; names here are ASCII. */
		private static boolean named(byte[] json, Span span, String name) {
			int length = span.end() - span.start() - 2;
			if (length < name.length()) {
				return false;
			}
			if (length > name.length()) {
				return hasEscape(json, span) && name.equals(string(json, span));
			}
			for (int i = 0; i < length; i++) {
				if (json[span.start() + 1 + i] != name.charAt(i)) {
					return false;
				}
			}
			return true;
		}

		private static boolean hasEscape(byte[] json, Span span) {
			for (int i = span.start() + 1; i < span.end() - 1; i++) {
				if (json[i] == '\\') {
					return true;
				}
			}
			return false;
		}

	}

}
