package io.keymux.gateway.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import reactor.core.publisher.Mono;

import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Counts in Redis, for all nodes together: one script a call. Times are those of Redis,
 * so that clocks of nodes do not matter. What a node reserves is free again when the node
 * has not renewed it for a while.
 */
final class RedisStore implements LimitStore {

	/** All of it in one slot of a Redis cluster, as a script may touch only one. */
	private static final String PREFIX = "{keymux}:limit:";

	private static final Duration LEASE = Duration.ofSeconds(60);

	/** How long a quota is remembered beyond its period. */
	private static final Duration GRACE = Duration.ofDays(1);

	private static final RedisScript<List<Object>> ACQUIRE = script("acquire");

	private static final RedisScript<List<Object>> SETTLE = script("settle");

	private static final RedisScript<List<Object>> RENEW = script("renew");

	private final ReactiveStringRedisTemplate redis;

	private final InstantSource time;

	private final Duration patience;

	/**
	 * Counts in Redis.
	 * @param redis executes scripts
	 * @param time reports the present
	 * @param patience how long Redis may take
	 */
	RedisStore(ReactiveStringRedisTemplate redis, InstantSource time, Duration patience) {
		this.redis = redis;
		this.time = time;
		this.patience = patience;
	}

	@SuppressWarnings({ "unchecked", "rawtypes" }) // the script answers a list
	private static RedisScript<List<Object>> script(String name) {
		DefaultRedisScript script = new DefaultRedisScript();
		script.setLocation(new ClassPathResource("limits/" + name + ".lua"));
		script.setResultType(List.class);
		return script;
	}

	@Override
	public Mono<Answer> acquire(String reservation, List<Demand> demands) {
		return run(ACQUIRE, keys(demands), arguments(reservation, demands, true))
			.map((answer) -> switch (String.valueOf(answer.get(0))) {
				case "granted" -> new Answer.Granted(standings(demands, answer));
				case "unknown" -> new Answer.Unknown((int) number(answer.get(1)) - 1);
				default -> new Answer.Refused((int) number(answer.get(1)) - 1, standings(demands, answer));
			});
	}

	@Override
	public Mono<List<Standing>> read(List<Demand> demands) {
		return run(ACQUIRE, keys(demands), arguments("", demands, false)).map((answer) -> standings(demands, answer));
	}

	@Override
	public Mono<List<Change>> settle(String reservation, List<Part> parts) {
		List<String> arguments = new ArrayList<>(List.of(reservation));
		List<Demand> demands = new ArrayList<>();
		for (Part part : parts) {
			Demand demand = part.standing().demand();
			demands.add(demand);
			arguments.add(kind(demand));
			arguments.add(Long.toString(demand.measure().perMinute() ? demand.bounded() : demand.amount()));
			arguments.add(Long.toString(part.used()));
			arguments.add(Long.toString(part.standing().window()));
		}
		return run(SETTLE, keys(demands), arguments).map((answer) -> {
			List<Change> changes = new ArrayList<>();
			for (int i = 0; i < parts.size(); i++) {
				changes.add(new Change(number(answer.get(2 * i)), number(answer.get(2 * i + 1))));
			}
			return changes;
		});
	}

	@Override
	public Mono<Void> begin(Demand demand, long used) {
		String count = count(demand);
		return this.redis.opsForHash()
			.putIfAbsent(count, "used", Long.toString(used))
			.then(this.redis.expireAt(count, Instant.ofEpochMilli(forgotten(demand))))
			.timeout(this.patience)
			.then();
	}

	/** Keeps what reservations hold; the requests run still. */
	Mono<Void> renew(Map<String, List<Standing>> reservations) {
		List<String> keys = new ArrayList<>();
		List<String> arguments = new ArrayList<>(List.of(Long.toString(LEASE.toMillis())));
		reservations.forEach((id, standings) -> {
			for (Standing standing : standings) {
				if (!standing.demand().measure().perMinute()) {
					keys.add(held(standing.demand()));
					arguments.add(id + "|" + standing.demand().amount());
				}
			}
		});
		return keys.isEmpty() ? Mono.empty() : run(RENEW, keys, arguments).then();
	}

	/** Whether Redis answers. */
	Mono<Boolean> answers() {
		return run(ACQUIRE, List.of(), List.of("", "0", "0")).map((answer) -> true);
	}

	private Mono<List<Object>> run(RedisScript<List<Object>> script, List<String> keys, List<String> arguments) {
		return this.redis.execute(script, keys, arguments).next().timeout(this.patience);
	}

	private List<String> arguments(String reservation, List<Demand> demands, boolean taking) {
		List<String> arguments = new ArrayList<>(
				List.of(reservation, Long.toString(LEASE.toMillis()), taking ? "1" : "0"));
		for (Demand demand : demands) {
			arguments.add(kind(demand));
			arguments.add(Long.toString(demand.limit()));
			arguments.add(Long.toString(demand.amount()));
			arguments.add(Long.toString(forgotten(demand)));
		}
		return arguments;
	}

	private List<Standing> standings(List<Demand> demands, List<Object> answer) {
		List<Standing> standings = new ArrayList<>(demands.size());
		for (int i = 0; i < demands.size(); i++) {
			Demand demand = demands.get(i);
			int at = 4 * i + 2;
			Duration reset = (demand.until() != null) ? Duration.between(this.time.instant(), demand.until())
					: Duration.ofMillis(number(answer.get(at + 2)));
			standings.add(new Standing(demand, number(answer.get(at)), number(answer.get(at + 1)), reset,
					number(answer.get(at + 3))));
		}
		return standings;
	}

	private static List<String> keys(List<Demand> demands) {
		List<String> keys = new ArrayList<>(2 * demands.size());
		for (Demand demand : demands) {
			keys.add(count(demand));
			keys.add(held(demand));
		}
		return keys;
	}

	private static String count(Demand demand) {
		return PREFIX + demand.key();
	}

	private static String held(Demand demand) {
		return PREFIX + demand.key() + ":held";
	}

	private static String kind(Demand demand) {
		return demand.measure().perMinute() ? "minute" : demand.measure().quota() ? "quota" : "running";
	}

	/** In milliseconds since 1970; 0 if it is never forgotten. */
	private static long forgotten(Demand demand) {
		return (demand.until() != null) ? demand.until().plus(GRACE).toEpochMilli() : 0;
	}

	private static long number(Object value) {
		return Long.parseLong(String.valueOf(value));
	}

}
