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

	private final Connection connection;

	private final Channel channel;

	private final EventLoop loop;

	private final Listener listener;

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

	/** Whether the rest is read although nobody takes it. */
	private boolean quiet;

	BatchedBody(Connection connection, Listener listener) {
		this.connection = connection;
		this.channel = connection.channel();
		this.loop = this.channel.eventLoop();
		this.listener = listener;
	}

	/**
	 * Starts to read; called on the connection's event loop, when the head is in.
	 */
	void start() {
		this.connection.inbound().receive().retain().subscribe(this);
		planDrain();
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
		ByteBuf whole = merge(this.waiting.size());
		end();
		return whole;
	}

	private void end() {
		this.finished = true;
		this.listener.ended();
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
		this.listener.arrived(chunk);
		if (this.quiet) {
			readQuietly(chunk);
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

	private void readQuietly(ByteBuf chunk) {
		chunk.release();
		this.listener.read();
		if (this.upstream != null) {
			this.upstream.request(1);
		}
	}

	private void drain() {
		this.drainPlanned = false;
		if (this.quiet) {
			if (this.ended && !this.finished) {
				end();
			}
			return;
		}
		if (!this.waiting.isEmpty()) {
			this.listener.read();
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
		end();
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
			ByteBuf single = this.waiting.remove();
			this.listener.handedOn(single.readableBytes());
			return single;
		}
		int size = 0;
		for (ByteBuf buffer : this.waiting) {
			size += buffer.readableBytes();
		}
		this.listener.handedOn(size);
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
		runInLoop(this::leave);
	}

	/** Nobody takes the rest, whether or not it is still read. */
	private void leave() {
		if (this.finished || this.quiet) {
			return;
		}
		if (this.ended || !this.listener.drains()) {
			discard();
			return;
		}
		this.quiet = true;
		int count = this.waiting.size();
		releaseWaiting();
		if (this.upstream != null) {
			// All that may be outstanding comes back one for one from now on.
			this.upstream.request(Math.max(1, count));
		}
	}

	/** Reads no further, whoever still waits for it. */
	void abort() {
		runInLoop(() -> {
			if (!this.finished) {
				discard();
			}
		});
	}

	/**
	 * Lets go of everything, the connection too unless the answer had been read whole.
	 */
	private void discard() {
		releaseWaiting();
		if (!this.ended && this.upstream != null) {
			this.upstream.cancel();
			this.listener.left();
		}
		end();
	}

	private void releaseWaiting() {
		for (ByteBuf buffer = this.waiting.poll(); buffer != null; buffer = this.waiting.poll()) {
			buffer.release();
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

	/**
	 * Watches and listens while a body passes; called on the upstream connection's event
	 * loop.
	 */
	interface Listener {

		/** The upstream's socket has been read. */
		void read();

		/** Bytes have arrived. */
		void arrived(ByteBuf chunk);

		/** Bytes are on their way to the caller. */
		void handedOn(int bytes);

		/**
		 * Whether what nobody takes any more is to be read to its end; asked once, when
		 * it comes to that.
		 */
		boolean drains();

		/** What has not arrived is not waited for. */
		void left();

		/** Nothing more will come; called once. */
		void ended();

	}

}
