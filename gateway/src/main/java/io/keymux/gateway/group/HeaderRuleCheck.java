package io.keymux.gateway.group;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.keymux.gateway.problem.FieldErrors;

/** What a header rule must look like (RFC 9110, section 5). */
class HeaderRuleCheck {

	private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private static final Set<String> OWN = Set.of("host", "content-length", "connection", "keep-alive",
			"proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding",
			"upgrade");

	private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}?");

	private static final Set<String> VARIABLES = Set.of("${CLIENT_IP}", "${GROUP_NAME}", "${API_KEY}",
			"${TIMESTAMP_MS}", "${TIMESTAMP_S}", "${REQUEST_ID}");

	private final FieldErrors errors;

	HeaderRuleCheck(FieldErrors errors) {
		this.errors = errors;
	}

	void check(List<Group.HeaderRule> rules) {
		Set<String> secret = new HashSet<>();
		for (int i = 0; i < rules.size(); i++) {
			Group.HeaderRule rule = rules.get(i);
			String field = "headerRules[%d]".formatted(i);
			check(field, rule);
			this.errors.check(rule.secret() == null || secret.add(rule.name().toLowerCase(Locale.ROOT)),
					field + ".name", "'%s' has a secret in another rule (expected: one)".formatted(rule.name()));
		}
	}

	private void check(String field, Group.HeaderRule rule) {
		this.errors.check(TOKEN.matcher(rule.name()).matches(), field + ".name",
				"'%s' (expected: a header name)".formatted(rule.name()));
		this.errors.check(!OWN.contains(rule.name().toLowerCase(Locale.ROOT)), field + ".name",
				"'%s' belongs to the connection (expected: an end-to-end header)".formatted(rule.name()));
		switch (rule.action()) {
			case SET -> checkSet(field + ".value", rule);
			case REMOVE -> this.errors.check(rule.value() == null && rule.secret() == null, field + ".value",
					"expected: none with action remove");
		}
	}

	private void checkSet(String field, Group.HeaderRule rule) {
		String value = rule.value();
		switch (rule.secret()) {
			case null -> {
				if (value == null) {
					this.errors.add(field, "missing (expected: the value to set)");
				}
				else {
					checkValue(field, value, true);
				}
			}
			case SecretValue.Entered(String text) -> {
				this.errors.check(!text.isBlank(), field, "empty (expected: the secret)");
				checkValue(field, text, false);
			}
			// A sealed one was checked when it was written, a kept one is checked before.
			case SecretValue.Sealed _, SecretValue.Kept _ -> {
			}
		}
	}

	/** The value is not repeated: it may be a credential. A variable is, unless it is. */
	private void checkValue(String field, String value, boolean shown) {
		this.errors.check(value.length() <= 8000 && value.chars().allMatch(HeaderRuleCheck::allowed), field,
				"expected: at most 8000 characters, none of them a line break or another control character");
		Matcher variables = VARIABLE.matcher(value);
		while (variables.find()) {
			this.errors.check(VARIABLES.contains(variables.group()), field, "'%s' (expected: one of %s)".formatted(
					shown ? variables.group() : "${…}", String.join(", ", VARIABLES.stream().sorted().toList())));
		}
	}

	private static boolean allowed(int character) {
		return character == '\t' || (character >= 0x20 && character != 0x7f);
	}

}
