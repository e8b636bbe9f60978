package io.keymux.gateway.limit;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a request has taken of its limits; whoever holds it gives back what is left. */
public final class Reservation {

	private final Limiter limiter;

	private final LimitStore store;

	private final String id;

	private final List<Standing> standings;

	private final AtomicBoolean done = new AtomicBoolean();

	private final AtomicBoolean left = new AtomicBoolean();

	Reservation(Limiter limiter, LimitStore store, String id, List<Standing> standings) {
		this.limiter = limiter;
		this.store = store;
		this.id = id;
		this.standings = standings;
	}

	/** The request is not worked on any more: others may be. */
	public void leave() {
		if (this.left.compareAndSet(false, true)) {
			settle((standing) -> standing.demand().measure() == Measure.CONCURRENCY, 0, 0, 0);
		}
	}

	/**
	 * What the request has used is known; only the first call counts.
	 * @param requests 1 if it reached a provider, else 0
	 * @param tokens tokens, input and output
	 * @param cost cost in {@link Demand#MONEY_UNITS}
	 */
	public void settle(long requests, long tokens, long cost) {
		if (this.done.compareAndSet(false, true)) {
			settle((standing) -> standing.demand().measure() != Measure.CONCURRENCY, requests, tokens, cost);
			leave();
			this.limiter.closed(this);
		}
	}

	private void settle(java.util.function.Predicate<Standing> which, long requests, long tokens, long cost) {
		List<LimitStore.Part> parts = this.standings.stream()
			.filter(which)
			.map((standing) -> new LimitStore.Part(standing, switch (standing.demand().measure()) {
				case REQUESTS -> requests;
				case TOKENS, TOKEN_QUOTA -> tokens;
				case COST_QUOTA -> cost;
				case CONCURRENCY -> 0;
			}))
			.filter((part) -> part.standing().demand().measure() != Measure.REQUESTS
					|| part.used() != part.standing().demand().amount())
			.toList();
		if (!parts.isEmpty()) {
			this.limiter.settle(this.store, this.id, parts);
		}
	}

	String id() {
		return this.id;
	}

	List<Standing> standings() {
		return this.standings;
	}

}
