package io.keymux.gateway.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

import io.keymux.gateway.crypto.Resealing;
import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.group.Group.HeaderRule;
import io.keymux.gateway.group.SecretValue.Entered;
import io.keymux.gateway.group.SecretValue.Kept;
import io.keymux.gateway.group.SecretValue.Sealed;
import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.setting.SecretSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The secrets of groups besides their keys: values of header rules, and passwords in
 * settings. They are sealed while a group is stored, and open only while it is checked or
 * serves.
 */
@Component
class GroupSecrets {

	private final SecretCipher cipher;

	private final SecretSettings settings;

	GroupSecrets(SecretCipher cipher, SecretSettings settings) {
		this.cipher = cipher;
		this.settings = settings;
	}

	/** A group as it may be shown. */
	static Group shown(Group group) {
		return group.with(SecretSettings.shown(group.settings()), group.headerRules());
	}

	/**
	 * Finds out what an operator means: a secret that is not written, or written as it is
	 * anyway, is the stored one.
	 */
	Group resolve(FieldErrors errors, Group written, @Nullable Group stored) {
		List<HeaderRule> rules = new ArrayList<>();
		for (HeaderRule rule : written.headerRules()) {
			Sealed former = (stored != null) ? stored(stored, rule.name()) : null;
			rules.add(resolve(errors, "headerRules[%d].value".formatted(rules.size()), rule, former,
					context(written.name(), rule.name())));
		}
		Map<String, String> known = (stored != null) ? stored.settings() : Map.of();
		return written.with(this.settings.resolve(errors, written.settings(), known, owner(written.name())), rules);
	}

	private HeaderRule resolve(FieldErrors errors, String field, HeaderRule rule, @Nullable Sealed former,
			String context) {
		return switch (rule.secret()) {
			case null -> {
				errors.check(former == null || !HeaderRule.MASK.equals(rule.value()), field,
						"'%s' stands for the secret (expected: a value, or secret: true)".formatted(HeaderRule.MASK));
				yield rule;
			}
			case Kept _ -> {
				errors.check(former != null, field,
						"missing (expected: a value, as no secret is stored for header '%s')".formatted(rule.name()));
				yield (former != null) ? rule.with(former) : rule;
			}
			case Entered(String text) -> (former != null && text.equals(this.cipher.openOrNull(former.text(), context)))
					? rule.with(former) : rule;
			case Sealed sealed -> {
				if (!sealed.equals(former)) {
					throw new IllegalStateException(
							"A sealed value of header '%s' comes from elsewhere".formatted(rule.name()));
				}
				yield rule;
			}
		};
	}

	private static @Nullable Sealed stored(Group group, String header) {
		for (HeaderRule rule : group.headerRules()) {
			if (rule.secret() instanceof Sealed sealed && rule.name().equalsIgnoreCase(header)) {
				return sealed;
			}
		}
		return null;
	}

	/** The group as it is stored. */
	Group seal(Group group) {
		List<HeaderRule> rules = group.headerRules()
			.stream()
			.map((rule) -> (rule.secret() instanceof Entered(String text))
					? rule.with(new Sealed(this.cipher.seal(text, context(group.name(), rule.name())))) : rule)
			.toList();
		return group.with(this.settings.seal(group.settings(), owner(group.name())), rules);
	}

	/**
	 * The group as it serves; what this node cannot open is missing.
	 */
	Opened open(Group group) {
		List<HeaderRule> rules = new ArrayList<>();
		for (HeaderRule rule : group.headerRules()) {
			if (rule.secret() instanceof Sealed(String text)) {
				String secret = this.cipher.openOrNull(text, context(group.name(), rule.name()));
				if (secret != null) {
					rules.add(rule.with(new Entered(secret)));
				}
			}
			else {
				rules.add(rule);
			}
		}
		Map<String, String> values = this.settings.open(group.settings(), owner(group.name()));
		return new Opened(group.with(values, rules),
				rules.size() == group.headerRules().size() && values.size() == group.settings().size());
	}

	/**
	 * The group with all its secrets.
	 * @throws Problem.Conflict if this node cannot open one of them
	 */
	Group reveal(Group group) {
		Opened opened = open(group);
		if (!opened.complete()) {
			throw new Problem.Conflict(
					"Group '%s' has secrets that are sealed with an encryption key this node does not have (expected: none)."
						.formatted(group.name()));
		}
		return opened.group();
	}

	List<HeaderRule> resealRules(String group, List<HeaderRule> rules, Resealing resealing) {
		return rules.stream()
			.map((rule) -> (rule.secret() instanceof Sealed(String text))
					? rule.with(new Sealed(resealing.reseal(text, context(group, rule.name())))) : rule)
			.toList();
	}

	Map<String, String> resealSettings(String group, Map<String, String> values, Resealing resealing) {
		return this.settings.reseal(values, owner(group), resealing);
	}

	static void countRules(List<HeaderRule> rules, Consumer<String> count) {
		for (HeaderRule rule : rules) {
			if (rule.secret() instanceof Sealed(String text)) {
				count.accept(SecretCipher.keyId(text));
			}
		}
	}

	private static String owner(String group) {
		return "group:" + group;
	}

	private static String context(String group, String header) {
		return "header-rule:%s:%s".formatted(group, header.toLowerCase(Locale.ROOT));
	}

	/**
	 * A group whose secrets are open.
	 *
	 * @param group the group
	 * @param complete whether all of them could be opened
	 */
	record Opened(Group group, boolean complete) {
	}

}
