package io.keymux.gateway.usage;

import io.keymux.gateway.record.AttemptRecord;
import io.keymux.gateway.record.RequestRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a row of usage is about; what its cube does not tell apart is empty.
 *
 * @param cube the cube
 * @param group group, or empty
 * @param model model, or empty
 * @param caller caller, or empty
 * @param providerKey identity of the provider key, or 0
 */
record Series(Cube cube, String group, String model, String caller, long providerKey) {

	/** What stands for names beyond a bound. */
	static final String OTHER = "other";

	/** What stands for groups there are none of: callers make up their names. */
	static final String NO_GROUP = "(unknown)";

	private static final int MAX_GROUP = 63;

	private static final int MAX_MODEL = 128;

	private static final int MAX_CALLER = 100;

	/** The series of a cube a record counts for. */
	static Series of(Cube cube, RequestRecord record) {
		AttemptRecord attempt = record.lastAttempt();
		boolean byKey = cube.has(Dimension.PROVIDER_KEY) && attempt != null;
		return new Series(cube, cube.has(Dimension.GROUP) ? group(record) : "",
				cube.has(Dimension.MODEL) ? cut(record.model(), MAX_MODEL) : "",
				cube.has(Dimension.CALLER) ? cut(record.accessKey(), MAX_CALLER) : "",
				(byKey && attempt != null) ? attempt.providerKeyId() : 0);
	}

	Series withModel(String name) {
		return new Series(this.cube, this.group, name, this.caller, this.providerKey);
	}

	private static String group(RequestRecord record) {
		return (record.provider() != null) ? cut(record.group(), MAX_GROUP) : NO_GROUP;
	}

	/** Fits a name to its column; blanks at its end would be equal to none in some. */
	static String cut(@Nullable String text, int length) {
		if (text == null) {
			return "";
		}
		if (text.length() <= length && text.chars().allMatch((character) -> character > ' ' && character < 0x7f)) {
			return text;
		}
		StringBuilder shown = new StringBuilder();
		text.codePoints().limit(length).map(Series::storable).forEach((point) -> {
			if (shown.length() + Character.charCount(point) <= length) {
				shown.appendCodePoint(point);
			}
		});
		return shown.toString().stripTrailing();
	}

	private static int storable(int point) {
		return (Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE) ? '?' : point;
	}

}
