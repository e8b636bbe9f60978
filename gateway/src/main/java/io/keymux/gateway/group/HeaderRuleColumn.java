package io.keymux.gateway.group;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keymux.gateway.group.Group.HeaderRule;
import io.keymux.gateway.group.SecretValue.Sealed;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * A header rule in its column; a secret value has a field that no other value can have.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record HeaderRuleColumn(HeaderRule.Action action, String name, @Nullable String value, @Nullable String sealed) {

	private static final JsonMapper json = JsonMapper.builder().build();

	static String write(List<HeaderRule> rules) {
		return json.writeValueAsString(rules.stream().map(HeaderRuleColumn::of).toList());
	}

	static List<HeaderRule> read(String column) {
		return json.readValue(column, new TypeReference<List<HeaderRuleColumn>>() {
		}).stream().map(HeaderRuleColumn::rule).toList();
	}

	private static HeaderRuleColumn of(HeaderRule rule) {
		return switch (rule.secret()) {
			case null -> new HeaderRuleColumn(rule.action(), rule.name(), rule.value(), null);
			case Sealed(String text) -> new HeaderRuleColumn(rule.action(), rule.name(), null, text);
			case SecretValue.Entered _,
					SecretValue.Kept _ ->
				throw new IllegalStateException(
						"The value of header '%s' is not sealed (expected: it is, where it is stored)"
							.formatted(rule.name()));
		};
	}

	private HeaderRule rule() {
		return new HeaderRule(this.action, this.name, this.value,
				(this.sealed != null) ? new Sealed(this.sealed) : null);
	}

	@Override
	public String toString() {
		return "HeaderRuleColumn[name=" + this.name + "]";
	}

}
