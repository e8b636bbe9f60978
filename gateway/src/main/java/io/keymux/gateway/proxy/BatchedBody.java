package io.keymux.gateway.proxy;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;

/**
 * An answer's body in as few pieces as its arrival allows.
 *
 * <p>
 * What one read of the upstream's socket brought is handed on as one piece as soon as
 * that read has been worked through: nothing waits for anything that has not arrived, and
 * twenty chunks that came together cost one write instead of twenty. A body that is whole
 * by then goes out together with the head.
 *
 * <p>
 * All state but the demand belongs to the upstream connection's event loop.
 */
final class BatchedBody extends Flux<ByteBuf> implements CoreSubscriber<ByteBuf>, Subscription {

	/** Buffers that may wait here while the caller reads slowly. */
	private static final int WINDOW = 16;

	private final Channel channel;

	private final EventLoop loop;

	private final StreamGuard guard;

	private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();

	private final AtomicLong demand = new AtomicLong();

	private final Sinks.One<Boolean> first = Sinks.one();

	private @Nullable Subscription upstream;

	private @Nullable CoreSubscriber<? super ByteBuf> caller;

	private @Nullable Throwable error;

	private boolean drainPlanned;

	private boolean firstSeen;

	private boolean ended;

	private boolean finished;

	private BatchedBody(Channel channel, StreamGuard guard) {
		this.channel = channel;
		this.loop = channel.eventLoop();
		this.guard = guard;
	}

	/**
	 * Starts to read a body; called on the connection's event loop, when the head is in.
	 */
	static BatchedBody of(Connection connection, StreamGuard guard) {
		BatchedBody body = new BatchedBody(connection.channel(), guard);
		connection.inbound().receive().retain().subscribe(body);
		body.planDrain();
		return body;
	}

	/**
	 * Whether the body is whole when the read that brought the head has been worked
	 * through.
	 */
	Mono<Boolean> wholeAtOnce() {
		return this.first.asMono();
	}

	/** The whole body, when it is whole. */
	ByteBuf takeWhole() {
		this.finished = true;
		return merge(this.waiting.size());
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.upstream = subscription;
		subscription.request(WINDOW);
	}

	@Override
	public void onNext(ByteBuf chunk) {
		if (this.finished) {
			chunk.release();
			return;
		}
		this.waiting.add(chunk);
		planDrain();
	}

	@Override
	public void onError(Throwable failure) {
		this.error = failure;
		onComplete();
	}

	@Override
	public void onComplete() {
		this.ended = true;
		planDrain();
	}

	private void planDrain() {
		if (!this.drainPlanned) {
			this.drainPlanned = true;
			this.loop.execute(this::drain);
		}
	}

	private void drain() {
		this.drainPlanned = false;
		if (!this.waiting.isEmpty()) {
			this.guard.chunk();
		}
		if (!this.firstSeen) {
			this.firstSeen = true;
			this.first.tryEmitValue(this.ended && this.error == null);
			return;
		}
		CoreSubscriber<? super ByteBuf> target = this.caller;
		if (target == null || this.finished) {
			return;
		}
		if (!this.waiting.isEmpty() && takeDemand()) {
			int count = this.waiting.size();
			target.onNext(merge(count));
			if (!this.ended && this.upstream != null) {
				this.upstream.request(count);
			}
		}
		if (this.ended && this.waiting.isEmpty() && !this.finished) {
			finish(target);
		}
	}

	private boolean takeDemand() {
		return this.demand.getAndUpdate((left) -> (left == Long.MAX_VALUE) ? left : Math.max(0, left - 1)) > 0;
	}

	private void finish(CoreSubscriber<? super ByteBuf> target) {
		this.finished = true;
		if (this.error != null) {
			target.onError(this.error);
		}
		else {
			target.onComplete();
		}
	}

	/**
	 * One buffer as it is; several copied into one, which is cheaper than writing each.
	 */
	private ByteBuf merge(int count) {
		if (count == 1) {
			return this.waiting.remove();
		}
		int size = 0;
		for (ByteBuf buffer : this.waiting) {
			size += buffer.readableBytes();
		}
		ByteBuf merged = this.channel.alloc().directBuffer(size);
		for (ByteBuf buffer = this.waiting.poll(); buffer != null; buffer = this.waiting.poll()) {
			merged.writeBytes(buffer);
			buffer.release();
		}
		return merged;
	}

	/** The caller's side, for a body that was not whole at once. */
	@Override
	public void subscribe(CoreSubscriber<? super ByteBuf> subscriber) {
		this.caller = subscriber;
		subscriber.onSubscribe(this);
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n) && this.demand.getAndUpdate((asked) -> Operators.addCap(asked, n)) == 0) {
			runInLoop(this::drain);
		}
	}

	@Override
	public void cancel() {
		runInLoop(this::discard);
	}

	/**
	 * Lets go of everything, the connection too unless the answer had been read whole.
	 */
	private void discard() {
		if (this.finished) {
			return;
		}
		this.finished = true;
		for (ByteBuf buffer = this.waiting.poll(); buffer != null; buffer = this.waiting.poll()) {
			buffer.release();
		}
		if (!this.ended && this.upstream != null) {
			this.upstream.cancel();
		}
	}

	private void runInLoop(Runnable action) {
		if (this.loop.inEventLoop()) {
			action.run();
		}
		else {
			this.loop.execute(action);
		}
	}

}
