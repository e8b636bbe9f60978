package io.keymux.gateway.limit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Counts in this process. A minute begins with the first request in it and lasts sixty
 * seconds of a clock that nobody sets; its whole amount is free again when it ends.
 */
final class LocalStore implements LimitStore {

	private static final long MINUTE = Duration.ofMinutes(1).toNanos();

	/** Counts beyond which those that count nothing are forgotten. */
	private static final int SWEEP = 10_000;

	private final Map<String, Count> counts = new HashMap<>();

	private final LongSupplier nanos;

	private final InstantSource time;

	private long lastWindow;

	private int sweepAt = SWEEP;

	LocalStore(LongSupplier nanos, InstantSource time) {
		this.nanos = nanos;
		this.time = time;
	}

	@Override
	public Mono<Answer> acquire(String reservation, List<Demand> demands) {
		return Mono.fromSupplier(() -> acquire(demands));
	}

	private synchronized Answer acquire(List<Demand> demands) {
		long now = this.nanos.getAsLong();
		for (int i = 0; i < demands.size(); i++) {
			Demand demand = demands.get(i);
			Count count = count(demand, now);
			if (demand.measure().quota() && !count.known) {
				return new Answer.Unknown(i);
			}
			if (!count.admits(demand)) {
				return new Answer.Refused(i, standings(demands, now));
			}
		}
		for (Demand demand : demands) {
			count(demand, now).reserve(demand);
		}
		return new Answer.Granted(standings(demands, now));
	}

	/** The count of a demand, begun anew when its minute has passed. */
	private Count count(Demand demand, long now) {
		Count count = this.counts.get(demand.key());
		if (count == null) {
			sweep(now);
			count = new Count(demand.measure().perMinute() ? ++this.lastWindow : 0, now);
			this.counts.put(demand.key(), count);
		}
		else if (demand.measure().perMinute() && now - count.begun >= MINUTE) {
			count = new Count(++this.lastWindow, now);
			this.counts.put(demand.key(), count);
		}
		return count;
	}

	private void sweep(long now) {
		if (this.counts.size() >= this.sweepAt) {
			this.counts.values().removeIf((count) -> count.idle(now, this.time.instant().getEpochSecond()));
			this.sweepAt = Math.max(SWEEP, this.counts.size() * 2);
		}
	}

	private List<Standing> standings(List<Demand> demands, long now) {
		List<Standing> standings = new ArrayList<>(demands.size());
		for (Demand demand : demands) {
			Count count = count(demand, now);
			standings.add(new Standing(demand, count.used, count.reserved, reset(demand, count, now), count.window));
		}
		return standings;
	}

	private Duration reset(Demand demand, Count count, long now) {
		if (demand.measure().perMinute()) {
			return Duration.ofNanos((count.used == 0) ? 0 : MINUTE - (now - count.begun));
		}
		return (demand.until() != null) ? Duration.between(this.time.instant(), demand.until()) : Duration.ZERO;
	}

	@Override
	public Mono<List<Change>> settle(String reservation, List<Part> parts) {
		return Mono.fromSupplier(() -> settle(parts));
	}

	private synchronized List<Change> settle(List<Part> parts) {
		List<Change> changes = new ArrayList<>(parts.size());
		for (Part part : parts) {
			Demand demand = part.standing().demand();
			Count count = this.counts.get(demand.key());
			changes.add((count != null && count.window == part.standing().window()) ? count.settle(demand, part.used())
					: new Change(0, 0));
		}
		return changes;
	}

	@Override
	public Mono<Void> begin(Demand demand, long used) {
		return Mono.fromRunnable(() -> {
			synchronized (this) {
				Count count = count(demand, this.nanos.getAsLong());
				count.used += count.known ? 0 : used;
				count.known = true;
				count.until = (demand.until() != null) ? demand.until().getEpochSecond() : null;
			}
		});
	}

	@Override
	public Mono<List<Standing>> read(List<Demand> demands) {
		return Mono.fromSupplier(() -> {
			synchronized (this) {
				return standings(demands, this.nanos.getAsLong());
			}
		});
	}

	synchronized int size() {
		return this.counts.size();
	}

	/** What is counted of one limit. */
	private static final class Count {

		private final long window;

		private final long begun;

		private long used;

		private long reserved;

		private boolean known;

		private @Nullable Long until;

		Count(long window, long begun) {
			this.window = window;
			this.begun = begun;
		}

		boolean admits(Demand demand) {
			return demand.measure().quota() ? this.used + this.reserved < demand.limit()
					: this.used + this.reserved + demand.bounded() <= demand.limit();
		}

		/** What counts by the minute counts as used at once. */
		void reserve(Demand demand) {
			if (demand.measure().perMinute()) {
				this.used += demand.bounded();
			}
			else {
				this.reserved += demand.amount();
			}
		}

		Change settle(Demand demand, long actual) {
			long before = this.used;
			if (demand.measure().perMinute()) {
				this.used = Math.max(0, this.used + actual - demand.bounded());
			}
			else {
				this.reserved = Math.max(0, this.reserved - demand.amount());
				this.used += demand.measure().quota() ? actual : 0;
			}
			return new Change(before, this.used);
		}

		boolean idle(long now, long second) {
			if (this.window != 0) {
				return now - this.begun >= MINUTE;
			}
			return this.reserved == 0 && (this.until == null || this.until < second);
		}

	}

}
