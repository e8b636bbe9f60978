package io.keymux.gateway.proxy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/** The requests of each group that wait for a key. */
@Component
class KeyQueues {

	private final Map<Long, KeyQueue> queues = new ConcurrentHashMap<>();

	KeyQueues(MeterRegistry registry) {
		Gauge.builder("keymux.key.queue", this, KeyQueues::waiting)
			.description("requests that wait for a provider key")
			.register(registry);
	}

	KeyQueue of(long groupId) {
		return this.queues.computeIfAbsent(groupId, (_) -> new KeyQueue());
	}

	boolean busy(long groupId) {
		KeyQueue queue = this.queues.get(groupId);
		return queue != null && queue.busy();
	}

	/** One of a group may try again, if any waits. */
	void wake(long groupId) {
		KeyQueue queue = this.queues.get(groupId);
		if (queue != null) {
			queue.wake();
		}
	}

	private int waiting() {
		return this.queues.values().stream().mapToInt(KeyQueue::size).sum();
	}

}
