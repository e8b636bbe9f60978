package io.keymux.gateway.recording;

import java.time.Duration;
import java.time.InstantSource;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;

import org.springframework.stereotype.Component;

/**
 * How many requests without a valid access key are recorded: enough to see who knocks,
 * too few for a stranger to fill the database.
 */
@Component
class StrangerLimit {

	private static final int PER_SECOND = 10;

	private final Bucket bucket;

	StrangerLimit(InstantSource time) {
		this.bucket = Bucket.builder()
			.withCustomTimePrecision(new Clock(time))
			.addLimit((limit) -> limit.capacity(PER_SECOND * 10).refillGreedy(PER_SECOND, Duration.ofSeconds(1)))
			.build();
	}

	boolean admits() {
		return this.bucket.tryConsume(1);
	}

	/** The injected clock. */
	private record Clock(InstantSource time) implements TimeMeter {

		@Override
		public long currentTimeNanos() {
			return this.time.millis() * 1_000_000;
		}

		@Override
		public boolean isWallClockBased() {
			return true;
		}

	}

}
