package io.keymux.gateway.management;

import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

/** Rows of comma-separated values (RFC 4180), safe to open in a spreadsheet. */
final class Csv {

	private Csv() {
	}

	static String row(@Nullable Object... values) {
		StringJoiner row = new StringJoiner(",", "", "\r\n");
		for (Object value : values) {
			row.add(field(value));
		}
		return row.toString();
	}

	private static String field(@Nullable Object value) {
		String text = (value != null) ? value.toString() : "";
		// A spreadsheet would take these for a formula.
		String safe = (!text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) ? "'" + text : text;
		return safe.matches("(?s).*[\",\r\n].*") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
	}

}
