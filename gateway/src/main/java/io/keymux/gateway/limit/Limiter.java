package io.keymux.gateway.limit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import io.keymux.gateway.limit.Admission.Admitted;
import io.keymux.gateway.limit.Admission.Refused;
import io.keymux.gateway.limit.LimitStore.Answer;
import io.keymux.gateway.limit.LimitStore.Change;
import io.keymux.gateway.limit.LimitStore.Part;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Lets requests through as far as limits allow. Whoever has no limits does not come here.
 */
@Component
public class Limiter implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Limiter.class);

	/** When somebody may have ended who is in the way. */
	private static final Duration SOON = Duration.ofSeconds(1);

	/** Seconds between two renewals of what is reserved. */
	private static final int RENEWAL = 15;

	private static final int PHASE = 5;

	/** Quotas of one request whose period may have to be begun. */
	private static final int MAX_BEGINNINGS = 8;

	private final LimitStores stores;

	private final Consumption consumption;

	private final QuotaAlerts alerts;

	private final LimitMeters meters;

	private final Set<Reservation> open = ConcurrentHashMap.newKeySet();

	private @Nullable Disposable tending;

	Limiter(LimitStores stores, Consumption consumption, QuotaAlerts alerts, LimitMeters meters) {
		this.stores = stores;
		this.consumption = consumption;
		this.alerts = alerts;
		this.meters = meters;
	}

	/**
	 * Takes what a request demands, all of it or nothing.
	 * @param id id of the request
	 * @param demands what it demands, at least one
	 * @return whether it is let through
	 */
	public Mono<Admission> admit(String id, List<Demand> demands) {
		return this.stores.use((store) -> acquire(store, id, demands, MAX_BEGINNINGS));
	}

	private Mono<Admission> acquire(LimitStore store, String id, List<Demand> demands, int beginnings) {
		return store.acquire(id, demands).flatMap((answer) -> switch (answer) {
			case Answer.Granted(var standings) -> Mono.just(admitted(store, id, standings));
			case Answer.Refused(int index, var standings) -> Mono.just(refused(standings.get(index), standings));
			case Answer.Unknown(int index) ->
				(beginnings == 0) ? Mono.error(new IllegalStateException("No quota keeps its beginning"))
						: begin(store, demands.get(index)).then(Mono.just(demands))
							.onErrorResume((failure) -> Mono.just(without(demands, index, failure)))
							.flatMap((known) -> acquire(store, id, known, beginnings - 1));
		});
	}

	/**
	 * While nobody can tell what a quota has used, it is not kept; the roll-ups will
	 * know.
	 */
	private static List<Demand> without(List<Demand> demands, int index, Throwable failure) {
		logger.debug("A quota cannot be looked up and is not kept for now: {}", failure.toString());
		List<Demand> others = new ArrayList<>(demands);
		others.remove(index);
		return others;
	}

	private Admission admitted(LimitStore store, String id, List<Standing> standings) {
		Reservation reservation = new Reservation(this, store, id, standings);
		this.open.add(reservation);
		return new Admitted(reservation, standings);
	}

	private Admission refused(Standing by, List<Standing> standings) {
		Demand demand = by.demand();
		this.meters.refused(demand);
		boolean used = demand.measure().perMinute() || (demand.measure().quota() && by.used() >= demand.limit());
		return new Refused(demand, used ? by.reset() : SOON, standings);
	}

	/** Roll-ups know what was used before; nobody waits for them but who has a quota. */
	private Mono<Void> begin(LimitStore store, Demand demand) {
		return Mono.fromCallable(() -> used(demand))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((used) -> store.begin(demand, used));
	}

	private long used(Demand demand) {
		if (demand.from() == null || demand.until() == null) {
			return 0;
		}
		Consumption.Used used = this.consumption.used(demand.subject(), demand.from(), demand.until());
		return (demand.measure() == Measure.COST_QUOTA) ? Demand.units(used.cost()) : used.tokens();
	}

	/**
	 * Tells how limits stand; takes nothing.
	 * @param demands demands of nothing
	 * @return in the order of the demands
	 */
	public Mono<List<Standing>> read(List<Demand> demands) {
		return this.stores.use((store) -> Flux.fromIterable(demands)
			.filter((demand) -> demand.measure().quota())
			.concatMap((demand) -> begin(store, demand))
			.then(store.read(demands)));
	}

	void settle(LimitStore store, String id, List<Part> parts) {
		store.settle(id, parts)
			.subscribe((changes) -> alert(parts, changes),
					(failure) -> logger.debug("A reservation is left to expire: {}", failure.toString()));
	}

	private void alert(List<Part> parts, List<Change> changes) {
		for (int i = 0; i < parts.size(); i++) {
			Demand demand = parts.get(i).standing().demand();
			if (demand.measure().quota()) {
				this.alerts.settled(demand, changes.get(i));
			}
		}
	}

	private Map<String, List<Standing>> held() {
		return this.open.stream().collect(Collectors.toMap(Reservation::id, Reservation::standings, (one, _) -> one));
	}

	void closed(Reservation reservation) {
		this.open.remove(reservation);
	}

	@Override
	public void start() {
		this.tending = Flux.interval(Duration.ofSeconds(1))
			.onBackpressureDrop()
			.concatMap((second) -> this.stores.tend((second % RENEWAL == 0) ? held() : Map.of()), 1)
			.subscribe();
	}

	@Override
	public void stop() {
		if (this.tending != null) {
			this.tending.dispose();
			this.tending = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.tending != null;
	}

	/** Before anything asks for it, until nothing does. */
	@Override
	public int getPhase() {
		return PHASE;
	}

}
