package io.keymux.gateway.limit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.keymux.gateway.limit.LimitStore.Answer;
import io.keymux.gateway.limit.LimitStore.Change;
import io.keymux.gateway.limit.LimitStore.Part;
import io.keymux.gateway.testkit.Await;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** What limits mean, wherever they are counted. */
abstract class LimitStoreContract {

	private static final AtomicInteger subjects = new AtomicInteger();

	final Subject subject = new Subject(Subject.Kind.ACCESS_KEY, "test-" + subjects.incrementAndGet(), "test");

	private int reservations;

	abstract LimitStore store();

	/** Lets a minute pass. */
	abstract void passMinute();

	@Test
	void letsThroughExactlyTheLimit() throws Exception {
		Demand demand = demand(Measure.REQUESTS, 100, 1);
		AtomicInteger granted = new AtomicInteger();
		try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
			List<Future<?>> calls = new ArrayList<>();
			for (int i = 0; i < 1000; i++) {
				String reservation = "many-" + i;
				calls.add(callers.submit(() -> {
					if (on(store().acquire(reservation, List.of(demand))) instanceof Answer.Granted) {
						granted.incrementAndGet();
					}
				}));
			}
			for (Future<?> call : calls) {
				Await.on(call);
			}
		}
		assertThat(granted).hasValue(100);
	}

	@Test
	void aMinuteBeginsWithItsFirstRequest() {
		Demand demand = demand(Measure.REQUESTS, 2, 1);
		Standing first = granted(demand).getFirst();
		assertThat(first.used()).isEqualTo(1);
		assertThat(first.remaining()).isEqualTo(1);
		assertThat(first.reset()).isBetween(java.time.Duration.ofSeconds(50), java.time.Duration.ofSeconds(60));
		granted(demand);
		assertThat(refused(demand).index()).isZero();
		passMinute();
		assertThat(granted(demand).getFirst().used()).isEqualTo(1);
	}

	@Test
	void takesAllOrNothing() {
		Demand requests = demand(Measure.REQUESTS, 10, 1);
		Demand running = demand(Measure.CONCURRENCY, 1, 1);
		granted(requests, running);
		Answer.Refused refused = refused(requests, running);
		assertThat(refused.index()).isEqualTo(1);
		assertThat(refused.standings().getFirst().used()).isEqualTo(1);
		assertThat(read(requests).used()).isEqualTo(1);
	}

	@Test
	void whatRunsNoMoreMakesRoom() {
		Demand running = demand(Measure.CONCURRENCY, 2, 1);
		Taken one = take(running);
		take(running);
		refused(running);
		settle(one, 0);
		granted(running);
		refused(running);
	}

	@Test
	void whatWasNotUsedIsGivenBack() {
		Demand tokens = demand(Measure.TOKENS, 1000, 600);
		Taken taken = take(tokens);
		refused(tokens);
		settle(taken, 150);
		assertThat(read(tokens).used()).isEqualTo(150);
		granted(tokens);
		assertThat(read(tokens).used()).isEqualTo(750);
	}

	@Test
	void moreThanWasExpectedCountsToo() {
		Demand tokens = demand(Measure.TOKENS, 1000, 100);
		settle(take(tokens), 990);
		refused(tokens);
		assertThat(read(tokens).remaining()).isEqualTo(10);
	}

	@Test
	void whatIsLargerThanTheLimitNeedsAllOfIt() {
		Demand large = demand(Measure.TOKENS, 1000, 5000);
		granted(large);
		refused(demand(Measure.TOKENS, 1000, 1));
		passMinute();
		granted(demand(Measure.TOKENS, 1000, 1));
		refused(large);
	}

	@Test
	void anEndIsNotCountedInAnotherMinute() {
		Demand tokens = demand(Measure.TOKENS, 1000, 1000);
		Taken before = take(tokens);
		passMinute();
		Demand some = demand(Measure.TOKENS, 1000, 500);
		granted(some);
		settle(before, 0);
		assertThat(read(tokens).used()).isEqualTo(500);
	}

	@Test
	void aQuotaHasToBeBegun() {
		Demand quota = quota(1000, 100);
		Demand requests = demand(Measure.REQUESTS, 10, 1);
		assertThat(on(store().acquire("early", List.of(requests, quota)))).isEqualTo(new Answer.Unknown(1));
		assertThat(read(requests).used()).isZero();
		on(store().begin(quota, 700).thenReturn(true));
		on(store().begin(quota, 300).thenReturn(true));
		assertThat(granted(requests, quota).get(1).remaining()).isEqualTo(200);
	}

	@Test
	void aQuotaIsOpenWhileAnyOfItIsLeft() {
		Demand quota = quota(1000, 400);
		on(store().begin(quota, 0).thenReturn(true));
		Taken one = take(quota);
		Taken two = take(quota);
		Taken three = take(quota);
		refused(quota);
		assertThat(settle(one, 100)).isEqualTo(new Change(0, 100));
		assertThat(settle(two, 300)).isEqualTo(new Change(100, 400));
		granted(quota);
		assertThat(settle(three, 700)).isEqualTo(new Change(400, 1100));
		refused(quota);
		assertThat(read(quota).used()).isEqualTo(1100);
	}

	@Test
	void aChangedLimitHoldsAtOnce() {
		granted(demand(Measure.REQUESTS, 5, 1));
		granted(demand(Measure.REQUESTS, 5, 1));
		refused(demand(Measure.REQUESTS, 2, 1));
		granted(demand(Measure.REQUESTS, 3, 1));
	}

	final Demand demand(Measure measure, long limit, long amount) {
		return Demand.of(this.subject, measure, limit, amount);
	}

	final Demand quota(long limit, long amount) {
		Instant from = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.DAYS);
		return new Demand(this.subject, Measure.TOKEN_QUOTA, limit, amount, from,
				from.plus(java.time.Duration.ofDays(1)));
	}

	final Taken take(Demand... demands) {
		String reservation = "reservation-" + ++this.reservations;
		Answer answer = on(store().acquire(reservation, List.of(demands)));
		assertThat(answer).isInstanceOf(Answer.Granted.class);
		return new Taken(reservation, ((Answer.Granted) answer).standings());
	}

	final List<Standing> granted(Demand... demands) {
		return take(demands).standings();
	}

	final Answer.Refused refused(Demand... demands) {
		Answer answer = on(store().acquire("refused-" + ++this.reservations, List.of(demands)));
		assertThat(answer).isInstanceOf(Answer.Refused.class);
		return (Answer.Refused) answer;
	}

	final Standing read(Demand demand) {
		return on(store().read(List.of(demand))).getFirst();
	}

	final Change settle(Taken taken, long used) {
		return on(store().settle(taken.reservation(),
				taken.standings().stream().map((standing) -> new Part(standing, used)).toList()))
			.getFirst();
	}

	static <T> T on(Mono<T> mono) {
		return Await.on(mono.toFuture());
	}

	record Taken(String reservation, List<Standing> standings) {
	}

}
