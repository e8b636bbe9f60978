package io.keymux.gateway.proxy;

import java.time.Duration;
import java.time.Instant;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.provider.Outcome;
import io.keymux.gateway.provider.Outcome.Accepted;
import io.keymux.gateway.provider.Outcome.CallerRejected;
import io.keymux.gateway.provider.Outcome.KeyRejected;
import io.keymux.gateway.provider.Outcome.Throttled;
import io.keymux.gateway.provider.Outcome.UpstreamFailed;
import io.keymux.gateway.provider.ResponseHead;
import io.keymux.gateway.proxy.AttemptResult.Answered;
import io.keymux.gateway.proxy.AttemptResult.Failed;
import io.keymux.gateway.proxy.AttemptResult.Held;
import io.keymux.gateway.proxy.AttemptResult.Opened;
import io.keymux.gateway.proxy.TargetSelector.Selection;
import io.keymux.gateway.setting.EffectiveSettings;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The attempts of one request: lease, send, judge, settle, and again if the rules let it
 * and nothing has been sent to the caller.
 */
final class AttemptLoop {

	private static final Logger logger = LoggerFactory.getLogger(AttemptLoop.class);

	private final AttemptTools tools;

	private final ProxyRequest request;

	private final ServingGroup entry;

	private final Caller caller;

	private final Outgoing outgoing;

	private final TargetSelector selector;

	private int attempts;

	/** The last real answer, which the caller gets when no attempt does better. */
	private @Nullable Held lastAnswer;

	AttemptLoop(AttemptTools tools, ProxyRequest request, ServingGroup entry, Caller caller, Outgoing outgoing) {
		this.tools = tools;
		this.request = request;
		this.entry = entry;
		this.caller = caller;
		this.outgoing = outgoing;
		this.selector = new TargetSelector(tools.pools(), entry, outgoing.model());
	}

	Mono<Void> run() {
		return switch (this.selector.select()) {
			case Selection.Selected(var target) -> attempt(target);
			case Selection.None none -> giveUp(problem(none));
		};
	}

	private ProxyProblem problem(Selection.None none) {
		if (none.problem() != null) {
			return none.problem();
		}
		Instant until = none.until();
		return ProxyProblem.keyPoolExhausted(this.entry.name(),
				(until != null) ? Duration.between(this.tools.time().instant(), until).plusMillis(999) : null);
	}

	/** The last upstream answer if there was one, else the gateway's own. */
	private Mono<Void> giveUp(ProxyProblem problem) {
		Held answer = this.lastAnswer;
		return (answer != null) ? this.tools.relay().held(this.request, answer) : Mono.error(problem);
	}

	private Mono<Void> attempt(Target target) {
		this.attempts++;
		Outgoing sent = this.entry.aggregate() ? Rewrites.apply(target.group(), this.outgoing) : this.outgoing;
		ModelListEdit edit = this.tools.relay().listEdit(this.entry, target, sent, this.caller);
		this.request.response().header(AnswerRelay.ATTEMPTS, Integer.toString(this.attempts));
		return send(target, sent, edit != null).doOnCancel(target.lease()::abandon)
			.onErrorResume(AttemptLoop::failed)
			.flatMap((result) -> conclude(target, sent, edit, result));
	}

	private Mono<AttemptResult> send(Target target, Outgoing sent, boolean readable) {
		if (this.request.webSocket()) {
			return this.tools.sender().open(target, sent, this.request);
		}
		return this.tools.sender()
			.send(target, sent, this.request, readable)
			.flatMap((result) -> (result instanceof Answered answered && answered.head().status().code() >= 400)
					? this.tools.relay().hold(answered, target.group().settings().responseTimeout())
					: Mono.just(result));
	}

	private static Mono<AttemptResult> failed(Throwable error) {
		if (error instanceof ProxyProblem problem) {
			return Mono.error(problem);
		}
		if (error instanceof WebSocketClientHandshakeException refused && refused.response() != null) {
			return Mono.just(new Held(refused.response().status().code(), refused.response().headers(), new byte[0]));
		}
		return Mono.just(new Failed(TransportFailure.of(error)));
	}

	private Mono<Void> conclude(Target target, Outgoing sent, @Nullable ModelListEdit edit, AttemptResult result) {
		return switch (result) {
			case Answered answered -> {
				target.lease().settle(new Accepted());
				yield this.tools.relay().live(this.request, target, answered, edit);
			}
			case Opened(var connection) -> {
				target.lease().settle(new Accepted());
				target.group().upstreams().succeeded(target.upstream());
				yield WebSocketRelay.relay(this.request.response(), connection,
						WebSocketRelay.frameLimit(target.group()));
			}
			case Held held -> judge(target, sent, held);
			case Failed(var failure) -> {
				settle(target, new UpstreamFailed(failure.reason()));
				boolean again = failure.retryable(this.entry.settings().retryOn())
						&& (this.outgoing.body().repeatable() || failure.beforeSending()) && this.selector.hasKey();
				yield again ? againUnlessSpent(failure.problem(target.group().settings()))
						: giveUp(failure.problem(target.group().settings()));
			}
		};
	}

	private Mono<Void> judge(Target target, Outgoing sent, Held held) {
		Outcome outcome = sent.dialect()
			.outcome(new ResponseHead(held.status(), held.headers(), this.tools.relay().readable(held),
					this.tools.time().instant()));
		settle(target, outcome);
		this.lastAnswer = held;
		boolean again = this.outgoing.body().repeatable() && switch (outcome) {
			case Accepted _ -> false;
			case KeyRejected _ -> this.selector.hasFreshKey();
			case Throttled _ -> retries(held.status()) && this.selector.hasFreshKey();
			case UpstreamFailed _, CallerRejected _ -> retries(held.status()) && this.selector.hasKey();
		};
		ProxyProblem never = ProxyProblem.internal();
		return again ? againUnlessSpent(never) : giveUp(never);
	}

	private boolean retries(int status) {
		return this.entry.settings().retryOn().status(status);
	}

	private void settle(Target target, Outcome outcome) {
		target.lease().settle(outcome);
		if (outcome instanceof UpstreamFailed) {
			if (target.group().upstreams().failed(target.upstream())) {
				logger.warn("Group {}: upstream {} is ejected: {}", target.group().name(), target.upstream(), outcome);
			}
			this.selector.upstreamFailed(target);
		}
		else {
			target.group().upstreams().succeeded(target.upstream());
		}
	}

	private Mono<Void> againUnlessSpent(ProxyProblem problem) {
		EffectiveSettings settings = this.entry.settings();
		if (this.attempts >= settings.maxAttempts()) {
			return giveUp(problem);
		}
		Duration wait = settings.retryBackoff().before(this.attempts + 1, this.tools.random());
		return wait.isZero() ? Mono.defer(this::run) : Mono.delay(wait).then(Mono.defer(this::run));
	}

}
