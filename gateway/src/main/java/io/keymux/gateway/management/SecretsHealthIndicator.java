package io.keymux.gateway.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.key.GroupObservation.UnreadableGroup;
import io.keymux.gateway.key.GroupObservation;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Tells whether this node can read the stored secrets; a warning does not take it out of
 * service, as it serves the other groups.
 */
@Component
class SecretsHealthIndicator extends AbstractHealthIndicator {

	private static final Status WARNING = new Status("WARNING", "Some secrets cannot be read");

	private final SecretCipher cipher;

	private final GroupObservation observation;

	SecretsHealthIndicator(SecretCipher cipher, GroupObservation observation) {
		super("The stored secrets cannot be examined");
		this.cipher = cipher;
		this.observation = observation;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		String refusal = this.cipher.refusal();
		List<UnreadableGroup> groups = this.observation.unreadable();
		builder.status((refusal == null && groups.isEmpty()) ? Status.UP : WARNING);
		if (refusal != null) {
			builder.withDetail("newSecrets", "refused: " + refusal);
		}
		if (!groups.isEmpty()) {
			builder.withDetail("groups", details(groups));
		}
	}

	private static Map<String, Map<String, @Nullable Object>> details(List<UnreadableGroup> groups) {
		Map<String, Map<String, @Nullable Object>> details = new LinkedHashMap<>();
		for (UnreadableGroup group : groups) {
			details.put(group.group(), Map.of("keys", group.keys(), "unreadableKeys", group.unreadableKeys(),
					"unreadableRules", group.unreadableRules(), "serves", group.serves()));
		}
		return details;
	}

}
