package io.keymux.gateway.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class TickerTests {

	private static final Duration LONG = Duration.ofHours(1);

	@Test
	void aPlannedRunDoesNotKeepItsEndWaiting() throws InterruptedException {
		CountDownLatch ran = new CountDownLatch(1);
		Ticker ticker = new Ticker("test", LONG, ran::countDown);
		ticker.start(Duration.ZERO);
		ran.await();
		assertThat(ticker.stop(Duration.ofSeconds(30))).isTrue();
		assertThat(ticker.running()).isFalse();
	}

	@Test
	void aRunIsWaitedForAsLongAsAskedFor() throws InterruptedException {
		CountDownLatch runs = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		Ticker ticker = new Ticker("test", Duration.ZERO, () -> {
			runs.countDown();
			awaitQuietly(end);
		});
		ticker.start(Duration.ZERO);
		runs.await();
		assertThat(ticker.stop(Duration.ofMillis(1))).isFalse();
		end.countDown();
	}

	@Test
	void aFailureDoesNotEndIt() throws InterruptedException {
		CountDownLatch runs = new CountDownLatch(3);
		Ticker ticker = new Ticker("test", Duration.ZERO, () -> {
			runs.countDown();
			throw new IllegalStateException("a run that fails");
		});
		ticker.start(Duration.ZERO);
		runs.await();
		ticker.stop();
	}

	@Test
	void aRunMayPlanTheNext() throws InterruptedException {
		CountDownLatch runs = new CountDownLatch(2);
		AtomicReference<Ticker> self = new AtomicReference<>();
		Ticker ticker = new Ticker("test", LONG, () -> {
			runs.countDown();
			self.get().plan(Duration.ZERO);
		});
		self.set(ticker);
		ticker.start(Duration.ZERO);
		runs.await();
		ticker.stop();
	}

	@Test
	void itBeginsAnewAfterItsEnd() throws InterruptedException {
		Semaphore runs = new Semaphore(0);
		Ticker ticker = new Ticker("test", LONG, runs::release);
		ticker.start(Duration.ZERO);
		runs.acquire();
		ticker.stop();
		ticker.start(Duration.ZERO);
		runs.acquire();
		ticker.stop();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
