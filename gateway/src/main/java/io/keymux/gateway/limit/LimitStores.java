package io.keymux.gateway.limit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.keymux.gateway.cluster.LiveNodes;
import io.keymux.gateway.cluster.NodeCondition;
import io.keymux.gateway.limit.LimitStore.Part;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.stereotype.Component;

/**
 * Where is counted: in Redis if there is one, else in this process. While Redis does not
 * answer, this node counts alone and lets through its share; it goes back by itself.
 */
@Component
class LimitStores implements NodeCondition {

	private static final Logger logger = LoggerFactory.getLogger(LimitStores.class);

	private static final int PAYMENT = 500;

	/**
	 * How long a request waits for a Redis that is connected; one that is not refuses at
	 * once. Shorter, and a node that is busy for a moment would let through more than the
	 * limit.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(3);

	private final LimitStore local;

	private final @Nullable RedisStore redis;

	private final InstantSource time;

	private final LiveNodes nodes;

	private final AtomicBoolean away = new AtomicBoolean();

	/** Counts anew in each absence. */
	private volatile LimitStore shared;

	/** What was used of quotas in an absence, until it is counted for all. */
	private final Queue<Part> owed = new ConcurrentLinkedQueue<>();

	LimitStores(ObjectProvider<ReactiveStringRedisTemplate> redis, LimitProperties properties, InstantSource time,
			LiveNodes nodes, MeterRegistry registry) {
		ReactiveStringRedisTemplate template = properties.shared() ? redis.getIfAvailable() : null;
		this.local = new LocalStore(System::nanoTime, time);
		this.time = time;
		this.nodes = nodes;
		this.shared = share();
		this.redis = (template != null) ? new RedisStore(template, time, PATIENCE) : null;
		Gauge.builder("keymux.limit.degraded", this.away, (state) -> state.get() ? 1 : 0)
			.description("1 while this node lets through its share of limits, as Redis does not answer")
			.register(registry);
	}

	private LimitStore share() {
		return new SharedStore(new LocalStore(System::nanoTime, this.time), this.nodes::count, this::owe);
	}

	private void owe(List<Part> parts) {
		parts.stream().filter((part) -> part.standing().demand().measure().quota()).forEach(this.owed::add);
	}

	/** Does work where is counted now; where it begins there it ends. */
	<T> Mono<T> use(Function<LimitStore, Mono<T>> work) {
		RedisStore remote = this.redis;
		if (remote == null) {
			return work.apply(this.local);
		}
		if (this.away.get()) {
			return work.apply(this.shared);
		}
		return work.apply(remote).onErrorResume((failure) -> {
			lose(failure);
			return work.apply(this.shared);
		});
	}

	private synchronized void lose(Throwable failure) {
		if (!this.away.get()) {
			this.shared = share();
			this.away.set(true);
			logger.warn("Redis does not answer; this node lets through its share of limits ({})",
					failure.getClass().getSimpleName());
		}
	}

	/** Looks whether Redis is back, and keeps what is reserved there. */
	Mono<Void> tend(Map<String, List<Standing>> reservations) {
		RedisStore remote = this.redis;
		if (remote == null) {
			return Mono.empty();
		}
		Mono<Void> back = remote.answers().doOnNext((_) -> {
			if (this.away.compareAndSet(true, false)) {
				logger.info("Redis answers again; limits are exact");
			}
		}).then();
		return back.then(remote.renew(reservations))
			.then(Mono.defer(() -> pay(remote)))
			.onErrorResume((failure) -> Mono.fromRunnable(() -> lose(failure)));
	}

	private Mono<Void> pay(RedisStore remote) {
		List<Part> parts = new ArrayList<>();
		while (parts.size() < PAYMENT && !this.owed.isEmpty()) {
			parts.add(this.owed.remove());
		}
		return parts.isEmpty() ? Mono.empty()
				: remote.settle("", parts).doOnError((_) -> this.owed.addAll(parts)).then();
	}

	@Override
	public @Nullable String warning() {
		return this.away.get() ? "Redis does not answer: this node lets through its share of limits" : null;
	}

}
