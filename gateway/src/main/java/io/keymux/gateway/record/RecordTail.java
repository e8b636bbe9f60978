package io.keymux.gateway.record;

import java.util.List;

import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.stereotype.Component;

/** Tells of records of this node as soon as they are stored. */
@Component
public class RecordTail {

	private static final int WAITING = 512;

	private final Sinks.Many<RequestRecord> sink = Sinks.many().multicast().directBestEffort();

	/** Told by the writing thread alone. */
	void publish(List<RequestRecord> records) {
		if (this.sink.currentSubscriberCount() > 0) {
			records.forEach(this.sink::tryEmitNext);
		}
	}

	/**
	 * Records from now on; of those that come faster than they are taken, the oldest are
	 * left out.
	 * @param query which ones
	 * @return never ends
	 */
	public Flux<RequestRecord> from(RecordQuery query) {
		return this.sink.asFlux().filter(query::matches).onBackpressureBuffer(WAITING, (_) -> {
		}, BufferOverflowStrategy.DROP_OLDEST);
	}

}
