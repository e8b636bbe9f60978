package io.keymux.gateway.recording;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Takes keys and identities out of what is kept. */
final class Redaction {

	private static final int MAX_LENGTH = 500;

	/** What keys of the known providers, tokens and credentials in headers look like. */
	private static final Pattern KEYS = Pattern.compile("\\b(?:sk|pk|rk|gsk|xai|km|hf|nvapi|r8|pplx)[-_][\\w*.-]{6,}"
			+ "|\\bAIza[\\w*.-]{10,}|\\bya29\\.[\\w.-]{10,}|\\beyJ[\\w-]{10,}(?:\\.[\\w-]+)*|(?i:bearer)\\s+[^\\s\"']+");

	/** Identities of requests, organisations and whatever else is long and no word. */
	private static final Pattern IDENTITIES = Pattern
		.compile("\\b(?:org|req|proj|user|acct|chatcmpl|resp|msg|file|batch)[-_]\\w{6,}"
				+ "|\\b\\w{8}-\\w{4}-\\w{4}-\\w{4}-\\w{12}\\b|\\b(?=\\w*\\d)\\w{20,}\\b");

	private static final Pattern NUMBERS = Pattern.compile("\\d+(?:[.,]\\d+)+|\\d{2,}");

	private static final Pattern SPACE = Pattern.compile("\\s+");

	private Redaction() {
	}

	/** A line without keys and identities. */
	static String line(String text) {
		String plain = (text.length() > 2 * MAX_LENGTH) ? text.substring(0, 2 * MAX_LENGTH) : text;
		String without = IDENTITIES.matcher(keys(SPACE.matcher(plain).replaceAll(" ").strip())).replaceAll("[id]");
		return (without.length() > MAX_LENGTH) ? without.substring(0, MAX_LENGTH - 1) + "…" : without;
	}

	/**
	 * A line that says the same of every request that failed the same way: without
	 * numbers too.
	 */
	static String kind(String text) {
		return NUMBERS.matcher(line(text)).replaceAll("#");
	}

	/** A body without keys; what is no text stays as it is. */
	static byte[] body(byte[] bytes, @Nullable String... secrets) {
		// One character a byte: nothing but what is replaced changes.
		String text = keys(new String(bytes, StandardCharsets.ISO_8859_1));
		for (String secret : secrets) {
			text = (secret == null || secret.isEmpty()) ? text : text.replace(secret, "[key]");
		}
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static String keys(String text) {
		return KEYS.matcher(text).replaceAll("[key]");
	}

}
