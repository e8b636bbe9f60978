package io.keymux.gateway.proxy;

import io.keymux.gateway.record.RequestEnd;
import io.keymux.gateway.recording.AnswerTap;
import io.keymux.gateway.setting.EffectiveSettings;
import io.netty.buffer.ByteBuf;
import io.netty.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

/** One answer on its way from the upstream to the caller. */
final class LiveAnswer implements BatchedBody.Listener {

	private static final Logger logger = LoggerFactory.getLogger(LiveAnswer.class);

	private final Deadlines deadlines;

	private final ProxyRequest request;

	private final Target target;

	private final Connection caller;

	private final AnswerTap tap;

	private final StreamGuard guard;

	private final BatchedBody body;

	/** Bounds how long an answer is read without its caller. */
	private volatile @Nullable Timeout draining;

	LiveAnswer(Deadlines deadlines, ProxyRequest request, Target target, Connection upstream, AnswerTap tap) {
		this.deadlines = deadlines;
		this.request = request;
		this.target = target;
		this.caller = (Connection) request.request();
		this.tap = tap;
		this.guard = new StreamGuard(deadlines, settings().streamIdleTimeout(), this::callerReads, this::silent);
		this.body = new BatchedBody(upstream, this);
	}

	private EffectiveSettings settings() {
		return this.target.group().settings();
	}

	/** Relays the body; called on the upstream connection's event loop. */
	Mono<Void> relay(HttpServerResponse response) {
		this.guard.start();
		this.body.start();
		return this.body.wholeAtOnce()
			.flatMap((whole) -> whole ? response.send(Mono.fromSupplier(this.body::takeWhole)).then()
					: response.send(this.body.onErrorMap(UpstreamCut::new)).then())
			.doOnSuccess((_) -> this.target.group().upstreams().succeeded(this.target.upstream()))
			.onErrorResume(this::cut)
			// Whatever the end, what has arrived and was not handed on is let go.
			.doFinally((_) -> this.body.cancel());
	}

	private boolean callerReads() {
		return this.caller.channel().isWritable() || !this.caller.channel().isActive();
	}

	private void silent() {
		logger.debug("Request {} was silent longer than stream-idle-timeout", this.request.id());
		this.request.record().ends(RequestEnd.TIMEOUT);
		this.target.group().upstreams().failed(this.target.upstream());
		if (this.caller.channel().isActive()) {
			this.caller.dispose();
		}
		else {
			this.body.abort();
		}
	}

	/** The head is out: all that is left is to end visibly broken. */
	private Mono<Void> cut(Throwable error) {
		this.request.record().ends((error instanceof UpstreamCut) ? RequestEnd.CUT : RequestEnd.CANCELLED);
		if (error instanceof UpstreamCut) {
			logger.debug("Request {} was cut by its upstream", this.request.id());
			this.target.group().upstreams().failed(this.target.upstream());
		}
		return Connections.close(this.request.response());
	}

	@Override
	public void read() {
		this.guard.chunk();
	}

	@Override
	public void arrived(ByteBuf chunk) {
		this.tap.arrived(chunk);
	}

	@Override
	public void handedOn(int bytes) {
		this.tap.handedOn(bytes);
	}

	@Override
	public boolean drains() {
		if (this.caller.channel().isActive() || !this.request.record().drains()) {
			return false;
		}
		this.request.record().draining(this.body::abort);
		this.draining = this.deadlines.after(settings().responseTimeout(), this.body::abort);
		return true;
	}

	@Override
	public void left() {
		if (!this.caller.channel().isActive()) {
			this.request.record().ends(RequestEnd.CANCELLED);
		}
	}

	@Override
	public void ended() {
		this.guard.end();
		Timeout limit = this.draining;
		if (limit != null) {
			limit.cancel();
		}
		this.tap.ended();
	}

	/** An upstream that broke off; the cause stays inside. */
	private static final class UpstreamCut extends RuntimeException {

		UpstreamCut(Throwable cause) {
			super("upstream broke off", cause, false, false);
		}

	}

}
