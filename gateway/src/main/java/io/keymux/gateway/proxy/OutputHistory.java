package io.keymux.gateway.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.springframework.stereotype.Component;

/**
 * How long answers of a model have been of late, for requests that do not say how long
 * theirs may become: a long answer counts at once, short ones bring it down slowly.
 */
@Component
class OutputHistory {

	private static final long UNKNOWN = 1000;

	private static final double WEIGHT = 0.1;

	private final Cache<String, Double> byModel = Caffeine.newBuilder().maximumSize(1000).build();

	/** Output tokens to expect. */
	long expected(String model) {
		Double known = this.byModel.getIfPresent(model);
		return (known != null) ? Math.round(known) : UNKNOWN;
	}

	void ended(String model, long output) {
		if (output > 0) {
			this.byModel.asMap()
				.merge(model, (double) output,
						(known, latest) -> Math.max(latest, known * (1 - WEIGHT) + latest * WEIGHT));
		}
	}

}
