package io.keymux.gateway.group;

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
		for (int i = 0; i < rules.size(); i++) {
			check("headerRules[%d]".formatted(i), rules.get(i));
		}
	}

	private void check(String field, Group.HeaderRule rule) {
		this.errors.check(TOKEN.matcher(rule.name()).matches(), field + ".name",
				"'%s' (expected: a header name)".formatted(rule.name()));
		this.errors.check(!OWN.contains(rule.name().toLowerCase(Locale.ROOT)), field + ".name",
				"'%s' belongs to the connection (expected: an end-to-end header)".formatted(rule.name()));
		String value = rule.value();
		switch (rule.action()) {
			case SET -> {
				if (value == null) {
					this.errors.add(field + ".value", "missing (expected: the value to set)");
				}
				else {
					checkValue(field + ".value", value);
				}
			}
			case REMOVE -> this.errors.check(value == null, field + ".value", "expected: none with action remove");
		}
	}

	/** The value is not repeated: it may be a credential. */
	private void checkValue(String field, String value) {
		this.errors.check(value.length() <= 8000 && value.chars().allMatch(HeaderRuleCheck::allowed), field,
				"expected: at most 8000 characters, none of them a line break or another control character");
		Matcher variables = VARIABLE.matcher(value);
		while (variables.find()) {
			this.errors.check(VARIABLES.contains(variables.group()), field, "'%s' (expected: one of %s)"
				.formatted(variables.group(), String.join(", ", VARIABLES.stream().sorted().toList())));
		}
	}

	private static boolean allowed(int character) {
		return character == '\t' || (character >= 0x20 && character != 0x7f);
	}

}
