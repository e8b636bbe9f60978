package io.keymux.gateway.body;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/** Makes JSON documents of all shapes, written with spaces where JSON allows them. */
final class RandomJson {

	private static final String[] NAMES = { "model", "a", "b", "stream", "with \"quotes\"", "ünï", "", "nested" };

	private static final String[] TEXTS = { "", "gpt-4o", "ends with \\", "{not:json}", "},]", "a\"b", "日本語", "😀",
			"line\nbreak\ttab" };

	private static final String[] SPACES = { "", "", " ", "\n", "\t ", "\r\n  " };

	private final RandomGenerator random;

	RandomJson(RandomGenerator random) {
		this.random = random;
	}

	Map<String, @Nullable Object> object(int depth) {
		Map<String, @Nullable Object> object = new LinkedHashMap<>();
		int size = this.random.nextInt(6);
		for (int i = 0; i < size; i++) {
			object.put(NAMES[this.random.nextInt(NAMES.length)], value(depth));
		}
		return object;
	}

	private @Nullable Object value(int depth) {
		return switch (this.random.nextInt((depth > 0) ? 8 : 6)) {
			case 0 -> null;
			case 1 -> this.random.nextBoolean();
			case 2 -> this.random.nextInt(-1000, 1000);
			case 3 -> this.random.nextInt(-1000, 1000) / 8.0;
			case 4, 5 -> TEXTS[this.random.nextInt(TEXTS.length)];
			case 6 -> object(depth - 1);
			default -> list(depth - 1);
		};
	}

	private List<@Nullable Object> list(int depth) {
		List<@Nullable Object> list = new ArrayList<>();
		int size = this.random.nextInt(4);
		for (int i = 0; i < size; i++) {
			list.add(value(depth));
		}
		return list;
	}

	String write(@Nullable Object value) {
		return switch (value) {
			case Map<?, ?> map -> join('{',
					map.entrySet()
						.stream()
						.map((entry) -> string(String.valueOf(entry.getKey())) + space() + ":" + space()
								+ write(entry.getValue()))
						.toList(),
					'}');
			case List<?> list -> join('[', list.stream().map(this::write).toList(), ']');
			case String text -> string(text);
			case null -> "null";
			default -> String.valueOf(value);
		};
	}

	private String join(char open, List<String> members, char close) {
		StringBuilder out = new StringBuilder().append(open).append(space());
		for (int i = 0; i < members.size(); i++) {
			out.append((i > 0) ? space() + "," + space() : "").append(members.get(i));
		}
		return out.append(space()).append(close).toString();
	}

	/** Escapes what must be, and now and then what need not be. */
	private String string(String text) {
		StringBuilder out = new StringBuilder("\"");
		text.codePoints().forEach((c) -> {
			boolean needed = c == '"' || c == '\\' || c < 0x20;
			boolean possible = c <= 0xFFFF;
			if (needed || (possible && this.random.nextInt(20) == 0)) {
				out.append("\\u%04x".formatted(c));
			}
			else {
				out.appendCodePoint(c);
			}
		});
		return out.append('"').toString();
	}

	String space() {
		return SPACES[this.random.nextInt(SPACES.length)];
	}

}
