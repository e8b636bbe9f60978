package io.keymux.config;

import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.amqp.health.RabbitHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** A broker that is away is a warning: documents are served without it. */
class BusHealth implements HealthIndicator {

	private static final Status WARNING = new Status("WARNING");

	private final RabbitHealthIndicator broker;

	private final DocumentWatch watch;

	BusHealth(RabbitTemplate rabbit, DocumentWatch watch) {
		this.broker = new RabbitHealthIndicator(rabbit);
		this.watch = watch;
	}

	@Override
	public Health health() {
		Health health = this.broker.health();
		boolean fine = health.getStatus().equals(Status.UP) && !this.watch.isPending();
		return Health.status(fine ? Status.UP : WARNING)
			.withDetails(health.getDetails())
			.withDetail("pending", this.watch.isPending())
			.build();
	}

}
