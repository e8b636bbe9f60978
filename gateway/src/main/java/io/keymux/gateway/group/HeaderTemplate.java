package io.keymux.gateway.group;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A header rule taken apart once, so that a request only joins the pieces.
 *
 * @param name header name
 * @param pieces literal text and variables in turn, or null if the header is removed
 */
public record HeaderTemplate(String name, @Nullable List<Piece> pieces) {

	private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)}");

	/**
	 * Prepares a rule.
	 * @param rule the rule as described
	 * @return the prepared rule
	 */
	static HeaderTemplate of(Group.HeaderRule rule) {
		return new HeaderTemplate(rule.name(), switch (rule.action()) {
			case REMOVE -> null;
			case SET -> pieces(value(rule));
		});
	}

	/** What is sealed is no value: it must never be sent. */
	private static String value(Group.HeaderRule rule) {
		return switch (rule.secret()) {
			case null -> (rule.value() != null) ? rule.value() : "";
			case SecretValue.Entered(String text) -> text;
			case SecretValue.Sealed _, SecretValue.Kept _ -> throw new IllegalArgumentException(
					"The value of header '%s' is sealed (expected: it is opened before)".formatted(rule.name()));
		};
	}

	/** A value may be secret. */
	@Override
	public String toString() {
		return "HeaderTemplate[name=" + this.name + "]";
	}

	private static List<Piece> pieces(String value) {
		List<Piece> pieces = new ArrayList<>();
		Matcher matcher = VARIABLE.matcher(value);
		int done = 0;
		while (matcher.find()) {
			Variable variable = Variable.find(matcher.group(1));
			if (variable != null) {
				pieces.add(new Piece(value.substring(done, matcher.start()), variable));
				done = matcher.end();
			}
		}
		pieces.add(new Piece(value.substring(done), null));
		return List.copyOf(pieces);
	}

	/**
	 * A literal and the variable behind it.
	 *
	 * @param literal text as it is
	 * @param variable what follows, or null at the end
	 */
	public record Piece(String literal, @Nullable Variable variable) {

		/** A literal may be secret. */
		@Override
		public String toString() {
			return "Piece[variable=" + this.variable + "]";
		}

	}

	/** What a header value may refer to. */
	public enum Variable {

		/** Address of the caller. */
		CLIENT_IP,

		/** Name of the group that serves. */
		GROUP_NAME,

		/** Provider key of the attempt. */
		API_KEY,

		/** Milliseconds since 1970. */
		TIMESTAMP_MS,

		/** Seconds since 1970. */
		TIMESTAMP_S,

		/** Id of the request. */
		REQUEST_ID;

		/**
		 * Finds a variable.
		 * @param name its name without dollar and braces
		 * @return the variable, or null if there is none of that name
		 */
		public static @Nullable Variable find(String name) {
			for (Variable variable : values()) {
				if (variable.name().equals(name)) {
					return variable;
				}
			}
			return null;
		}

	}

}
