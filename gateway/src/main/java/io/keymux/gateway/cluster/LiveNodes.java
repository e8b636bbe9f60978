package io.keymux.gateway.cluster;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/** How many nodes there are, as this one saw it last; at least itself. */
@Component
public class LiveNodes {

	private volatile int count = 1;

	LiveNodes(MeterRegistry registry) {
		Gauge.builder("keymux.cluster.nodes", this, LiveNodes::count)
			.description("live nodes, as this one saw them last")
			.register(registry);
	}

	/**
	 * The number of nodes that were seen within the last seconds.
	 * @return at least 1
	 */
	public int count() {
		return this.count;
	}

	void saw(long nodes) {
		this.count = Math.clamp(nodes, 1, Integer.MAX_VALUE);
	}

}
