package io.keymux.gateway.limit;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import reactor.core.publisher.Mono;

/**
 * Counts in this process alone, while nobody counts for all: each node lets through its
 * share of a limit, at least one.
 */
final class SharedStore implements LimitStore {

	private final LimitStore own;

	private final IntSupplier nodes;

	private final Consumer<List<Part>> spent;

	/**
	 * Counts a share.
	 * @param own counts in this process
	 * @param nodes how many nodes share a limit
	 * @param spent is told what was used, so that it can be counted for all later
	 */
	SharedStore(LimitStore own, IntSupplier nodes, Consumer<List<Part>> spent) {
		this.own = own;
		this.nodes = nodes;
		this.spent = spent;
	}

	private Demand share(Demand demand) {
		return new Demand(demand.subject(), demand.measure(), Math.max(1, demand.limit() / this.nodes.getAsInt()),
				demand.amount(), demand.from(), demand.until());
	}

	private List<Demand> share(List<Demand> demands) {
		return demands.stream().map(this::share).toList();
	}

	@Override
	public Mono<Answer> acquire(String reservation, List<Demand> demands) {
		return this.own.acquire(reservation, share(demands));
	}

	@Override
	public Mono<List<Change>> settle(String reservation, List<Part> parts) {
		return this.own.settle(reservation, parts).doOnNext((_) -> this.spent.accept(parts));
	}

	/** What is left of a quota is shared, not what is used of it. */
	@Override
	public Mono<Void> begin(Demand demand, long used) {
		return this.own.begin(share(demand), used / this.nodes.getAsInt());
	}

	@Override
	public Mono<List<Standing>> read(List<Demand> demands) {
		return this.own.read(share(demands));
	}

}
