package io.keymux.gateway.management;

import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Versions of documents as entity tags (RFC 9110, section 8.8.3). */
final class Versions {

	private Versions() {
	}

	static String tag(long version) {
		return "\"" + version + "\"";
	}

	/** The version a change must be made from, or null for any. */
	static @Nullable Long expected(@Nullable String ifMatch) {
		if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
			return null;
		}
		String tag = ifMatch.strip();
		try {
			if (tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\"")) {
				return Long.parseLong(tag.substring(1, tag.length() - 1));
			}
		}
		catch (NumberFormatException ex) {
			// answered below with the same words
		}
		throw new Problem.Invalid("If-Match", "'%s' (expected: an ETag of this API, or *)".formatted(tag));
	}

}
