package io.keymux.gateway.cluster;

import java.util.List;
import java.util.Objects;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Warns of what this node does without: it serves all the same, and must not be taken for
 * dead.
 */
@Component
class NodeHealthIndicator implements HealthIndicator {

	private static final Status WARNING = new Status("WARNING");

	private final Node node;

	private final List<NodeCondition> conditions;

	NodeHealthIndicator(Node node, List<NodeCondition> conditions) {
		this.node = node;
		this.conditions = List.copyOf(conditions);
	}

	@Override
	public Health health() {
		List<String> warnings = this.conditions.stream()
			.map(NodeCondition::warning)
			.filter(Objects::nonNull)
			.map(String::valueOf)
			.toList();
		return (warnings.isEmpty() ? Health.up() : Health.status(WARNING).withDetail("warnings", warnings))
			.withDetail("id", this.node.id())
			.build();
	}

}
