package io.keymux.gateway.usage;

import java.math.BigDecimal;

import io.keymux.gateway.record.AttemptRecord;
import io.keymux.gateway.record.RequestRecord;
import io.keymux.gateway.token.TokenUsage;

/** What some requests used, added up; not safe for several threads. */
final class Measures {

	/** No provider's answer holds as many; beyond it a number is nonsense. */
	private static final long MAX_TOKENS = 1_000_000_000_000L;

	private String masked = "";

	private long requests;

	private long errors;

	private long unpriced;

	private TokenUsage tokens = TokenUsage.NONE;

	private BigDecimal cost = BigDecimal.ZERO;

	private final Histogram latency;

	private final Histogram firstChunk;

	Measures() {
		this.latency = new Histogram();
		this.firstChunk = new Histogram();
	}

	Measures(Measures other) {
		this.latency = new Histogram(other.latency);
		this.firstChunk = new Histogram(other.firstChunk);
		this.masked = other.masked;
		this.requests = other.requests;
		this.errors = other.errors;
		this.unpriced = other.unpriced;
		this.tokens = other.tokens;
		this.cost = other.cost;
	}

	void add(RequestRecord record) {
		TokenUsage used = bounded(record.tokens());
		AttemptRecord attempt = record.lastAttempt();
		if (attempt != null) {
			this.masked = Source.cut(attempt.providerKey(), 64);
		}
		this.requests++;
		this.errors += record.failed() ? 1 : 0;
		BigDecimal amount = record.cost();
		this.unpriced += (amount == null && used.input() + used.output() > 0) ? 1 : 0;
		this.tokens = this.tokens.plus(used);
		this.cost = (amount != null) ? this.cost.add(amount) : this.cost;
		this.latency.add(record.totalMs());
		Long chunk = record.firstChunkMs();
		if (chunk != null) {
			this.firstChunk.add(chunk);
		}
	}

	void addAll(Measures other) {
		add(other.masked, other.requests, other.errors, other.unpriced, other.tokens, other.cost);
		this.latency.addAll(other.latency);
		this.firstChunk.addAll(other.firstChunk);
	}

	void add(String ofKey, long moreRequests, long moreErrors, long moreUnpriced, TokenUsage moreTokens,
			BigDecimal moreCost) {
		this.masked = ofKey.isEmpty() ? this.masked : ofKey;
		this.requests += moreRequests;
		this.errors += moreErrors;
		this.unpriced += moreUnpriced;
		this.tokens = this.tokens.plus(moreTokens);
		this.cost = this.cost.add(moreCost);
	}

	String masked() {
		return this.masked;
	}

	long requests() {
		return this.requests;
	}

	long errors() {
		return this.errors;
	}

	long unpriced() {
		return this.unpriced;
	}

	TokenUsage tokens() {
		return this.tokens;
	}

	BigDecimal cost() {
		return this.cost;
	}

	Histogram latency() {
		return this.latency;
	}

	Histogram firstChunk() {
		return this.firstChunk;
	}

	private static TokenUsage bounded(TokenUsage tokens) {
		return new TokenUsage(bounded(tokens.input()), bounded(tokens.output()), bounded(tokens.cached()),
				bounded(tokens.cacheWritten()), bounded(tokens.reasoning()));
	}

	private static long bounded(long count) {
		return Math.clamp(count, 0, MAX_TOKENS);
	}

}
