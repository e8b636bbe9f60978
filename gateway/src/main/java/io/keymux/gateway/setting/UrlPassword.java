package io.keymux.gateway.setting;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A URL with a password, as it is written or as it is stored. Braces around the password
 * say that it is sealed: no URL that is written can hold any.
 *
 * @param before text up to the password
 * @param password the password, or what it was sealed to
 * @param sealed whether it is sealed
 * @param after text behind the password
 */
record UrlPassword(String before, String password, boolean sealed, String after) {

	/** Stands for a password that is not shown. */
	static final String MASK = "***";

	private static final Pattern SEALED = Pattern.compile("([^:/?#@]+://[^:/?#@{}]*:)\\{([^{}]+)}(@.*)");

	private static final Pattern WRITTEN = Pattern.compile("([^:/?#@]+://[^:/?#@]*:)([^/?#@]+)(@.*)");

	/** Finds the password of a URL, or null if it has none. */
	static @Nullable UrlPassword find(String url) {
		Matcher matcher = SEALED.matcher(url);
		boolean isSealed = matcher.matches();
		if (!isSealed) {
			matcher = WRITTEN.matcher(url);
		}
		return matcher.matches() ? new UrlPassword(matcher.group(1), matcher.group(2), isSealed, matcher.group(3))
				: null;
	}

	UrlPassword sealed(String text) {
		return new UrlPassword(this.before, text, true, this.after);
	}

	UrlPassword opened(String text) {
		return new UrlPassword(this.before, text, false, this.after);
	}

	String shown() {
		return this.before + MASK + this.after;
	}

	String text() {
		return this.before + (this.sealed ? "{" + this.password + "}" : this.password) + this.after;
	}

	@Override
	public String toString() {
		return shown();
	}

}
