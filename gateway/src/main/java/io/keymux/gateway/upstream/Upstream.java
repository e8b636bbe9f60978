package io.keymux.gateway.upstream;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** A base URL with its weight and health; compared by identity. */
public final class Upstream {

	private final String url;

	private final Origin origin;

	private final int weight;

	private int failures;

	private int ejections;

	private long ejectedUntil;

	private long risingSince;

	private long current;

	Upstream(String url, int weight, long now) {
		this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
		this.origin = Origin.of(this.url);
		this.weight = weight;
		this.risingSince = now;
	}

	/**
	 * The base URL.
	 * @return without trailing slash
	 */
	public String url() {
		return this.url;
	}

	/**
	 * The value of the Host header.
	 * @return host, and port unless it is the scheme's own
	 */
	public String hostHeader() {
		return this.origin.hostHeader();
	}

	/**
	 * Puts a request's target below the base URL.
	 * @param path path, encoded, with leading slash
	 * @param query query without question mark, or null
	 * @return the request target to send
	 */
	public String target(String path, @Nullable String query) {
		String full = this.origin.basePath().isEmpty() ? path : this.origin.basePath() + path;
		return (query == null) ? full : full + "?" + query;
	}

	Origin origin() {
		return this.origin;
	}

	int weight() {
		return this.weight;
	}

	boolean ejected(long now) {
		return this.ejectedUntil > now;
	}

	/** Share of the weight in thousandths, growing through the slow start. */
	long share(long now, long slowStart) {
		long age = now - this.risingSince;
		if (age >= slowStart) {
			return this.weight * 1000L;
		}
		return Math.max(1, this.weight * 1000L * Math.max(age, 0) / slowStart);
	}

	/** One turn of smooth weighted round robin. */
	long advance(long share) {
		this.current += share;
		return this.current;
	}

	void chosen(long total) {
		this.current -= total;
	}

	void succeeded() {
		this.failures = 0;
		this.ejections = 0;
	}

	int failed() {
		return ++this.failures;
	}

	void eject(long now, long base, long max) {
		this.ejectedUntil = now + Math.min(max, base << Math.min(this.ejections, 16));
		this.risingSince = this.ejectedUntil;
		this.ejections++;
		this.failures = 0;
	}

	UpstreamHealth health(long now) {
		return new UpstreamHealth(this.url, this.weight, this.failures,
				ejected(now) ? Instant.ofEpochMilli(this.ejectedUntil) : null);
	}

	void inherit(Upstream former) {
		this.failures = former.failures;
		this.ejections = former.ejections;
		this.ejectedUntil = former.ejectedUntil;
		this.risingSince = former.risingSince;
	}

	@Override
	public String toString() {
		return this.url;
	}

}
