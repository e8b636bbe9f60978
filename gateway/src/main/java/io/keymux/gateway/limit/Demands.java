package io.keymux.gateway.limit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Collects what one request asks of all limits it comes under. */
public final class Demands {

	private final Instant now;

	private final long requests;

	private final long tokens;

	private final long cost;

	private final List<Demand> all = new ArrayList<>();

	private Demands(Instant now, long requests, long tokens, long cost) {
		this.now = now;
		this.requests = requests;
		this.tokens = tokens;
		this.cost = cost;
	}

	/**
	 * Demands of one request.
	 * @param now the present, which decides the periods of quotas
	 * @param tokens tokens it is expected to use
	 * @param cost what it is expected to cost, in {@link Demand#MONEY_UNITS}
	 * @return empty
	 */
	public static Demands ofRequest(Instant now, long tokens, long cost) {
		return new Demands(now, 1, tokens, cost);
	}

	/**
	 * Demands of nothing, to learn how limits stand.
	 * @param now the present, which decides the periods of quotas
	 * @return empty
	 */
	public static Demands ofNothing(Instant now) {
		return new Demands(now, 0, 0, 0);
	}

	/**
	 * Adds what is limited in a minute or at once.
	 * @param subject whose limits they are
	 * @param limits the limits
	 * @return this
	 */
	public Demands add(Subject subject, Limits limits) {
		add(subject, Measure.REQUESTS, limits.requestsPerMinute(), this.requests);
		add(subject, Measure.TOKENS, limits.tokensPerMinute(), this.tokens);
		Integer concurrency = limits.concurrency();
		add(subject, Measure.CONCURRENCY, (concurrency != null) ? (Long) concurrency.longValue() : null, this.requests);
		return this;
	}

	private void add(Subject subject, Measure measure, @Nullable Long limit, long amount) {
		if (limit != null) {
			this.all.add(Demand.of(subject, measure, limit, amount));
		}
	}

	/**
	 * Adds what is limited in a period.
	 * @param subject whose quota it is
	 * @param quota the quota, or null if there is none
	 * @return this
	 */
	public Demands add(Subject subject, @Nullable Quota quota) {
		if (quota != null) {
			Instant from = quota.per().start(this.now);
			Instant until = quota.per().end(this.now);
			if (quota.tokens() != null) {
				this.all.add(new Demand(subject, Measure.TOKEN_QUOTA, quota.tokens(), this.tokens, from, until));
			}
			if (quota.cost() != null) {
				this.all
					.add(new Demand(subject, Measure.COST_QUOTA, Demand.units(quota.cost()), this.cost, from, until));
			}
		}
		return this;
	}

	/**
	 * What was collected.
	 * @return in the order it was added
	 */
	public List<Demand> list() {
		return List.copyOf(this.all);
	}

}
