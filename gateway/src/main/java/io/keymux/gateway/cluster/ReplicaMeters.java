package io.keymux.gateway.cluster;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Measures which revision of everything that is replicated this node works with. */
@Component
class ReplicaMeters implements MeterBinder {

	private final ObjectProvider<Replica> replicas;

	ReplicaMeters(ObjectProvider<Replica> replicas) {
		this.replicas = replicas;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.replicas.forEach((replica) -> Gauge.builder("keymux.snapshot.revision", replica, Replica::revision)
			.description("revision of what is in force on this node")
			.tag("kind", replica.name())
			.register(registry));
	}

}
