package io.keymux.gateway.provider;

import java.util.List;

/**
 * Names of models, where {@code *} stands for any characters; no pattern at all allows
 * every model.
 *
 * @param patterns the patterns
 */
public record ModelPatterns(List<String> patterns) {

	/** Patterns that allow every model. */
	public static final ModelPatterns ALL = new ModelPatterns(List.of());

	public ModelPatterns {
		patterns = List.copyOf(patterns);
	}

	/**
	 * Whether every model is allowed.
	 * @return true without patterns
	 */
	public boolean unlimited() {
		return this.patterns.isEmpty();
	}

	/**
	 * Whether a model is allowed.
	 * @param model the model's name
	 * @return true if one of the patterns matches it, or there is none
	 */
	public boolean allow(String model) {
		if (unlimited()) {
			return true;
		}
		for (String pattern : this.patterns) {
			if (matches(pattern, model)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Greedy matching that returns to the last star: linear memory, no regular
	 * expression.
	 */
	private static boolean matches(String pattern, String text) {
		int p = 0;
		int t = 0;
		int star = -1;
		int resume = 0;
		while (t < text.length()) {
			if (p < pattern.length() && pattern.charAt(p) == '*') {
				star = p++;
				resume = t;
			}
			else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
				p++;
				t++;
			}
			else if (star >= 0) {
				p = star + 1;
				t = ++resume;
			}
			else {
				return false;
			}
		}
		while (p < pattern.length() && pattern.charAt(p) == '*') {
			p++;
		}
		return p == pattern.length();
	}

}
