package io.keymux.gateway.key;

import io.keymux.gateway.problem.FieldErrors;
import org.jspecify.annotations.Nullable;

/** What a provider key must look like; messages never repeat the key. */
final class ProviderKeyRules {

	private static final int MAX_LENGTH = 1024;

	private static final int MAX_WEIGHT = 1000;

	private static final int MAX_NOTE = 255;

	private ProviderKeyRules() {
	}

	static void check(FieldErrors errors, String field, NewKey key) {
		errors.check(
				!key.secret().isEmpty() && key.secret().length() <= MAX_LENGTH
						&& key.secret().chars().allMatch((character) -> character > 0x20 && character < 0x7f),
				field, "%d characters (expected: 1 to %d visible ASCII characters without white space)"
					.formatted(key.secret().length(), MAX_LENGTH));
		check(errors, field + ".", key.weight(), key.note());
	}

	static void check(FieldErrors errors, String prefix, int weight, @Nullable String note) {
		errors.check(weight >= 1 && weight <= MAX_WEIGHT, prefix + "weight",
				"%d (expected: from 1 to %d)".formatted(weight, MAX_WEIGHT));
		errors.check(note == null || note.length() <= MAX_NOTE, prefix + "note",
				"%d characters (expected: at most %d)".formatted((note != null) ? note.length() : 0, MAX_NOTE));
	}

}
