package io.keymux.gateway.limit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.keymux.gateway.testkit.RedisProcess;
import io.keymux.gateway.testkit.TestTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class RedisStoreTests extends LimitStoreContract {

	private static final RedisProcess redis = RedisProcess.start();

	private static final LettuceConnectionFactory connections = connect(redis.port());

	private static final ReactiveStringRedisTemplate template = new ReactiveStringRedisTemplate(connections);

	private final TestTime time = new TestTime();

	private final RedisStore store = new RedisStore(template, this.time, Duration.ofSeconds(10));

	private static LettuceConnectionFactory connect(int port) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory("127.0.0.1", port);
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	@AfterAll
	static void stop() {
		connections.destroy();
		redis.close();
	}

	@Override
	LimitStore store() {
		return this.store;
	}

	/** Redis has a clock of its own; what a minute has counted expires by it. */
	@Override
	void passMinute() {
		for (String key : keys("*-per-minute")) {
			assertThat(on(template.getExpire(key))).isLessThanOrEqualTo(Duration.ofMinutes(1)).isPositive();
			on(template.delete(key));
		}
	}

	@Test
	void aClockThatIsSetChangesNothing() {
		Demand requests = demand(Measure.REQUESTS, 1, 1);
		granted(requests);
		this.time.pass(Duration.ofHours(1));
		refused(requests);
		this.time.pass(Duration.ofHours(-2));
		refused(requests);
	}

	@Test
	void whatADeadNodeHasReservedIsFreeAgain() {
		Demand running = demand(Measure.CONCURRENCY, 1, 1);
		Taken taken = take(running);
		refused(running);
		passLease();
		Taken next = take(running);
		// The dead one was only slow: it gives nothing back twice.
		settle(taken, 0);
		refused(running);
		settle(next, 0);
		granted(running);
	}

	@Test
	void whatIsRenewedStays() {
		Demand running = demand(Measure.CONCURRENCY, 1, 1);
		Taken taken = take(running);
		setLeases(System.currentTimeMillis() + 40_000);
		on(this.store.renew(Map.of(taken.reservation(), taken.standings())).thenReturn(true));
		assertThat(leases()).allMatch((left) -> left > 50_000);
		refused(running);
	}

	@Test
	void quotasAreForgottenLongAfterTheirPeriod() {
		Demand quota = quota(1000, 100);
		on(this.store.begin(quota, 0).thenReturn(true));
		granted(quota);
		for (String key : keys("*token-quota*")) {
			assertThat(on(template.getExpire(key))).isGreaterThan(Duration.ofDays(1)).isLessThan(Duration.ofDays(3));
		}
	}

	@Test
	void whatRedisHasLostIsCountedAnew() {
		Demand quota = quota(1000, 100);
		Demand running = demand(Measure.CONCURRENCY, 1, 1);
		on(this.store.begin(quota, 500).thenReturn(true));
		Taken taken = take(quota, running);
		on(template.getConnectionFactory().getReactiveConnection().serverCommands().flushAll());
		assertThat(on(this.store.acquire("later", List.of(quota)))).isEqualTo(new LimitStore.Answer.Unknown(0));
		on(this.store.begin(quota, 500).thenReturn(true));
		settle(taken, 100);
		assertThat(read(quota).used()).isEqualTo(600);
		assertThat(read(running).reserved()).isZero();
		granted(running);
	}

	private List<String> keys(String pattern) {
		return Objects
			.requireNonNull(on(template.keys("{keymux}:limit:" + this.subject.key() + ":" + pattern).collectList()));
	}

	private void passLease() {
		setLeases(0);
	}

	private void setLeases(long until) {
		for (String held : keys("*:held")) {
			on(template.opsForZSet()
				.range(held, Range.unbounded())
				.concatMap((member) -> template.opsForZSet().add(held, member, (double) until))
				.then(Mono.just(true)));
		}
	}

	private List<Long> leases() {
		long now = System.currentTimeMillis();
		return keys("*:held").stream()
			.flatMap((held) -> Objects
				.requireNonNull(on(template.opsForZSet().rangeWithScores(held, Range.unbounded()).collectList()))
				.stream())
			.map((member) -> Objects.requireNonNull(member.getScore()).longValue() - now)
			.toList();
	}

}
