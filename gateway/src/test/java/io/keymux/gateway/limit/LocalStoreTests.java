package io.keymux.gateway.limit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.keymux.gateway.testkit.TestTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LocalStoreTests extends LimitStoreContract {

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

	private final TestTime time = new TestTime();

	private final LocalStore store = new LocalStore(this.nanos::get, this.time);

	@Override
	LimitStore store() {
		return this.store;
	}

	@Override
	void passMinute() {
		this.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
	}

	@Test
	void aClockThatIsSetChangesNothing() {
		Demand requests = demand(Measure.REQUESTS, 1, 1);
		granted(requests);
		this.time.pass(Duration.ofHours(1));
		refused(requests);
		this.time.pass(Duration.ofHours(-2));
		refused(requests);
		passMinute();
		granted(requests);
	}

	@Test
	void whatCountsNothingIsForgotten() {
		for (int i = 0; i < 50_000; i++) {
			Demand other = Demand.of(new Subject(Subject.Kind.MODEL, "m" + i, "m"), Measure.REQUESTS, 1, 1);
			on(this.store.acquire("r" + i, java.util.List.of(other)));
			this.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
		}
		assertThat(this.store.size()).isLessThan(20_000);
	}

	@Test
	void aShareIsLetThroughWhileNobodyCountsForAll() {
		LimitStore shared = new SharedStore(this.store, () -> 3, (_) -> {
		});
		Demand requests = demand(Measure.REQUESTS, 100, 1);
		int granted = 0;
		for (int i = 0; i < 100; i++) {
			granted += (on(shared.acquire("s" + i, java.util.List.of(requests))) instanceof LimitStore.Answer.Granted)
					? 1 : 0;
		}
		assertThat(granted).isEqualTo(33);
	}

}
