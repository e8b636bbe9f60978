package io.keymux.gateway.upstream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The upstreams of one group: selects by smooth weighted round robin, ejects those that
 * keep failing, and never more than half of them (the panic threshold).
 */
public final class UpstreamSet {

	private static final long EJECTION = Duration.ofSeconds(10).toMillis();

	private static final long MAX_EJECTION = Duration.ofMinutes(5).toMillis();

	private final List<Upstream> upstreams;

	private final int outlierThreshold;

	private final long slowStart;

	private final InstantSource time;

	private UpstreamSet(List<Upstream> upstreams, int outlierThreshold, Duration slowStart, InstantSource time) {
		this.upstreams = upstreams;
		this.outlierThreshold = outlierThreshold;
		this.slowStart = slowStart.toMillis();
		this.time = time;
	}

	/**
	 * Makes a set that carries on what a former one has learned about the same URLs.
	 * @param weights weight by base URL, in the operator's order
	 * @param outlierThreshold consecutive failures until ejection, 0 = never
	 * @param slowStart time in which a fresh upstream grows to its full share
	 * @param time the clock
	 * @param former set before the change, or null
	 * @return the set
	 */
	public static UpstreamSet of(Map<String, Integer> weights, int outlierThreshold, Duration slowStart,
			InstantSource time, @Nullable UpstreamSet former) {
		long now = time.millis();
		// At the very start there is nobody to take over from: all rise together.
		long start = (former != null) ? now : now - slowStart.toMillis();
		List<Upstream> upstreams = new ArrayList<>();
		weights.forEach((url, weight) -> {
			Upstream upstream = new Upstream(url, weight, start);
			if (former != null) {
				former.inherit(upstream);
			}
			upstreams.add(upstream);
		});
		return new UpstreamSet(List.copyOf(upstreams), outlierThreshold, slowStart, time);
	}

	List<Upstream> list() {
		return this.upstreams;
	}

	private synchronized void inherit(Upstream heir) {
		for (Upstream upstream : this.upstreams) {
			if (upstream.url().equals(heir.url())) {
				heir.inherit(upstream);
			}
		}
	}

	/**
	 * Selects the upstream of the next attempt.
	 * @param avoid upstreams that failed this request before; used only when no other is
	 * left
	 * @return the upstream, or null if none has a weight
	 */
	public synchronized @Nullable Upstream select(Collection<Upstream> avoid) {
		long now = this.time.millis();
		Upstream found = select(now, avoid, true);
		if (found == null && !avoid.isEmpty()) {
			found = select(now, List.of(), true);
		}
		return (found != null) ? found : select(now, List.of(), false);
	}

	private @Nullable Upstream select(long now, Collection<Upstream> avoid, boolean healthyOnly) {
		Upstream best = null;
		long bestCurrent = Long.MIN_VALUE;
		long total = 0;
		for (Upstream upstream : this.upstreams) {
			if (upstream.weight() == 0 || (healthyOnly && upstream.ejected(now)) || avoid.contains(upstream)) {
				continue;
			}
			long share = upstream.share(now, this.slowStart);
			long current = upstream.advance(share);
			total += share;
			if (current > bestCurrent) {
				best = upstream;
				bestCurrent = current;
			}
		}
		if (best != null) {
			best.chosen(total);
		}
		return best;
	}

	/**
	 * Whether a request that failed at these upstreams has another one to go to.
	 * @param failed upstreams that failed this request
	 * @return true if a healthy one is left
	 */
	public synchronized boolean hasOther(Collection<Upstream> failed) {
		long now = this.time.millis();
		for (Upstream upstream : this.upstreams) {
			if (upstream.weight() > 0 && !upstream.ejected(now) && !failed.contains(upstream)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Takes note that an upstream served a request to the end.
	 * @param upstream an upstream of this set
	 */
	public synchronized void succeeded(Upstream upstream) {
		upstream.succeeded();
	}

	/**
	 * Takes note that an upstream failed a request.
	 * @param upstream an upstream of this set
	 * @return whether that ejected it
	 */
	public synchronized boolean failed(Upstream upstream) {
		int failures = upstream.failed();
		long now = this.time.millis();
		if (this.outlierThreshold == 0 || failures < this.outlierThreshold || upstream.ejected(now)
				|| !mayEjectOneMore(now)) {
			return false;
		}
		upstream.eject(now, EJECTION, MAX_EJECTION);
		return true;
	}

	private boolean mayEjectOneMore(long now) {
		long serving = this.upstreams.stream().filter((upstream) -> upstream.weight() > 0).count();
		long ejected = this.upstreams.stream().filter((upstream) -> upstream.ejected(now)).count();
		return (ejected + 1) * 2 <= serving;
	}

	/**
	 * How the upstreams are now, in the operator's order.
	 * @return one health an upstream
	 */
	public synchronized List<UpstreamHealth> health() {
		long now = this.time.millis();
		return this.upstreams.stream().map((upstream) -> upstream.health(now)).toList();
	}

	/**
	 * The upstreams that are ejected now.
	 * @return their base URLs
	 */
	public synchronized List<String> ejected() {
		long now = this.time.millis();
		return this.upstreams.stream().filter((upstream) -> upstream.ejected(now)).map(Upstream::url).toList();
	}

}
