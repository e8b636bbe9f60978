package io.keymux.gateway.proxy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Deadlines on one timer wheel: setting and clearing one is cheap, firing is up to 50 ms
 * late.
 */
@Component
class Deadlines implements DisposableBean {

	private final HashedWheelTimer timer = new HashedWheelTimer(
			Thread.ofPlatform().name("keymux-deadlines").daemon().factory(), 50, TimeUnit.MILLISECONDS, 1024);

	/**
	 * Bounds the time until a Mono's value; then it is cancelled and TimeoutException
	 * follows.
	 */
	<T> Mono<T> limit(Mono<T> mono, Duration limit) {
		return mono.timeout(Mono.create((sink) -> {
			Timeout timeout = after(limit, () -> sink.error(new Expired()));
			sink.onDispose(timeout::cancel);
		}));
	}

	Timeout after(Duration delay, Runnable action) {
		return this.timer.newTimeout((_) -> action.run(), delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public void destroy() {
		this.timer.stop();
	}

	/** A deadline passed. */
	static final class Expired extends RuntimeException {

		Expired() {
			super("deadline passed", null, false, false);
		}

	}

}
