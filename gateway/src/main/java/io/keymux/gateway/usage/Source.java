package io.keymux.gateway.usage;

import io.keymux.gateway.record.AttemptRecord;
import io.keymux.gateway.record.RequestRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the records of a minute have in common that count for the same rows.
 *
 * @param minute first second of the minute since 1970
 * @param group group, or empty
 * @param model model, or empty
 * @param caller caller, or empty
 * @param providerKey identity of the provider key, or 0
 */
record Source(long minute, String group, String model, String caller, long providerKey) {

	/** What stands for groups there are none of: callers make up their names. */
	static final String NO_GROUP = "(unknown)";

	private static final int MAX_GROUP = 63;

	private static final int MAX_MODEL = 128;

	private static final int MAX_CALLER = 100;

	static Source of(RequestRecord record) {
		AttemptRecord attempt = record.lastAttempt();
		return new Source(Interval.MINUTE.floor(record.time()),
				(record.provider() != null) ? cut(record.group(), MAX_GROUP) : NO_GROUP, cut(record.model(), MAX_MODEL),
				cut(record.accessKey(), MAX_CALLER), (attempt != null) ? attempt.providerKeyId() : 0);
	}

	/** The series of a cube it counts for. */
	Series in(Cube cube) {
		return new Series(cube, cube.has(Dimension.GROUP) ? this.group : "",
				cube.has(Dimension.MODEL) ? this.model : "", cube.has(Dimension.CALLER) ? this.caller : "",
				cube.has(Dimension.PROVIDER_KEY) ? this.providerKey : 0);
	}

	/** Fits a name to its column; blanks at its end would be equal to none in some. */
	static String cut(@Nullable String text, int length) {
		if (text == null) {
			return "";
		}
		if (text.length() <= length && plain(text)) {
			return text;
		}
		StringBuilder shown = new StringBuilder();
		text.codePoints().limit(length).map(Source::storable).forEach((point) -> {
			if (shown.length() + Character.charCount(point) <= length) {
				shown.appendCodePoint(point);
			}
		});
		return shown.toString().stripTrailing();
	}

	private static boolean plain(String text) {
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character <= ' ' || character >= 0x7f) {
				return false;
			}
		}
		return true;
	}

	private static int storable(int point) {
		return (Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE) ? '?' : point;
	}

}
