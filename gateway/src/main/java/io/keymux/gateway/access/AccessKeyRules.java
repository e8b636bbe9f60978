package io.keymux.gateway.access;

import java.util.List;

import io.keymux.gateway.group.Groups;
import io.keymux.gateway.limit.Quota;
import io.keymux.gateway.problem.FieldErrors;

import org.springframework.stereotype.Component;

/** What an access key must look like; messages never repeat the key. */
@Component
class AccessKeyRules {

	static final int MIN_LENGTH = 16;

	private static final int MAX_LENGTH = 512;

	private static final int MAX_NAME = 100;

	private final Groups groups;

	AccessKeyRules(Groups groups) {
		this.groups = groups;
	}

	void check(AccessKey key) {
		FieldErrors errors = new FieldErrors();
		errors.check(
				!key.name().isBlank() && key.name().length() <= MAX_NAME && key.name().equals(key.name().strip())
						&& key.name().chars().noneMatch(Character::isISOControl),
				"name", "'%s' (expected: 1 to %d characters, no white space around, no control characters)"
					.formatted(key.name(), MAX_NAME));
		List<String> groupNames = key.groups();
		for (int i = 0; i < groupNames.size(); i++) {
			errors.check(this.groups.find(groupNames.get(i)).isPresent(), "groups[%d]".formatted(i),
					"'%s' does not exist".formatted(groupNames.get(i)));
		}
		errors.check(key.models().stream().noneMatch(String::isBlank), "models",
				"an empty pattern (expected: model names, * for any characters)");
		key.limits().check("limits.", errors);
		errors.checkTime("expiresAt", key.expiresAt());
		Quota quota = key.quota();
		if (quota != null) {
			quota.check("quota", errors);
		}
		errors.throwIfAny();
	}

	void checkSecret(String secret) {
		FieldErrors errors = new FieldErrors();
		errors.check(
				secret.length() >= MIN_LENGTH && secret.length() <= MAX_LENGTH
						&& secret.chars().allMatch((character) -> character > 0x20 && character < 0x7f),
				"key", "%d characters (expected: %d to %d visible ASCII characters without white space)"
					.formatted(secret.length(), MIN_LENGTH, MAX_LENGTH));
		errors.throwIfAny();
	}

}
