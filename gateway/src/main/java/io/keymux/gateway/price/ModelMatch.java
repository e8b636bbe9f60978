package io.keymux.gateway.price;

import java.util.List;
import java.util.regex.Pattern;

import io.keymux.gateway.provider.ModelPatterns;

/** How well a price's model fits the name of a model. */
final class ModelMatch {

	/** It does not fit. */
	static final int NONE = -1;

	/** What providers append to a model's name for one of its versions. */
	private static final Pattern SNAPSHOT = Pattern
		.compile("(-preview)?(-\\d{4}-\\d{2}-\\d{2}|-\\d{8}|-\\d{2}-\\d{4}|-\\d{2}-\\d{2}|-\\d{4}|-\\d{3}|-latest)?");

	private ModelMatch() {
	}

	/** The greater, the more of the name is named; an exact name is the greatest. */
	static int score(String pattern, String model) {
		if (pattern.equals(model)) {
			return Integer.MAX_VALUE;
		}
		if (pattern.indexOf('*') < 0) {
			boolean snapshot = model.startsWith(pattern)
					&& SNAPSHOT.matcher(model).region(pattern.length(), model.length()).matches();
			return snapshot ? 2 * pattern.length() + 1 : NONE;
		}
		int named = (int) pattern.chars().filter((character) -> character != '*').count();
		return new ModelPatterns(List.of(pattern)).allow(model) ? 2 * named : NONE;
	}

}
