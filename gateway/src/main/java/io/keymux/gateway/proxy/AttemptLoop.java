package io.keymux.gateway.proxy;

import java.time.Duration;
import java.time.Instant;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.crypto.Secrets;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.limit.Admission.Admitted;
import io.keymux.gateway.limit.Admission.Refused;
import io.keymux.gateway.limit.Measure;
import io.keymux.gateway.provider.Outcome.Accepted;
import io.keymux.gateway.provider.Outcome.CallerRejected;
import io.keymux.gateway.provider.Outcome.KeyRejected;
import io.keymux.gateway.provider.Outcome.Throttled;
import io.keymux.gateway.provider.Outcome.UpstreamFailed;
import io.keymux.gateway.provider.Outcome;
import io.keymux.gateway.provider.ResponseHead;
import io.keymux.gateway.proxy.AttemptResult.Answered;
import io.keymux.gateway.proxy.AttemptResult.Failed;
import io.keymux.gateway.proxy.AttemptResult.Held;
import io.keymux.gateway.proxy.AttemptResult.Opened;
import io.keymux.gateway.proxy.TargetSelector.Selection;
import io.keymux.gateway.record.RecordOutcome;
import io.keymux.gateway.recording.OpenAttempt;
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

	private static final int SWITCHING = 101;

	/** Keys that are asked for room before the request waits. */
	private static final int REFUSALS = 32;

	/** Other nodes give back what they have not used. */
	private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

	private static final Duration SOON = Duration.ofMillis(50);

	private final AttemptTools tools;

	private final ProxyRequest request;

	private final ServingGroup entry;

	private final Caller caller;

	private final Outgoing outgoing;

	private final TargetSelector selector;

	private int attempts;

	private int leases;

	/** Keys in a row that were at limits of their own. */
	private int refusals;

	/** When this request began to wait for a key, 0 if it has not. */
	private long waitingSince;

	private @Nullable KeyUse keyUse;

	/** The last real answer, which the caller gets when no attempt does better. */
	private @Nullable Judged lastAnswer;

	AttemptLoop(AttemptTools tools, ProxyRequest request, ServingGroup entry, Caller caller, Outgoing outgoing) {
		this.tools = tools;
		this.request = request;
		this.entry = entry;
		this.caller = caller;
		this.outgoing = outgoing;
		this.selector = new TargetSelector(tools.pools(), entry, outgoing.model());
	}

	Mono<Void> run() {
		return run(false);
	}

	/** Whoever was woken does not stand behind those that wait still. */
	private Mono<Void> run(boolean woken) {
		if (!woken && this.tools.queues().busy(this.entry.id())) {
			return await(false, this.tools.time().instant().plus(SOON));
		}
		return switch (this.selector.select()) {
			case Selection.Selected(var target) ->
				KeyLimits.apply(target) ? withinLimits(target, woken) : attempt(target);
			case Selection.Limited(var until) -> await(woken, until);
			case Selection.None none -> {
				if (woken) {
					this.tools.queues().wake(this.entry.id());
				}
				yield giveUp(problem(none));
			}
		};
	}

	/** A key that is at a limit of its own is passed over. */
	private Mono<Void> withinLimits(Target target, boolean woken) {
		return this.tools.keyLimits()
			.admit("%s-%d".formatted(this.request.id(), ++this.leases), target, this.outgoing)
			.doOnDiscard(Admitted.class, (unused) -> unused.reservation().settle(0, 0, 0))
			.doOnCancel(target.lease()::abandon)
			.flatMap((admission) -> switch (admission) {
				case Admitted admitted -> {
					this.refusals = 0;
					this.tools.queues().wake(this.entry.id());
					yield attempt(target, new KeyUse(target, admitted.reservation(), this.tools.queues()));
				}
				case Refused refused -> {
					Instant now = this.tools.time().instant();
					boolean fixed = refused.by().measure() == Measure.REQUESTS;
					target.lease().limited(now.plus(fixed ? refused.retryAfter() : LOOK_AGAIN), !fixed);
					this.selector.limited(target);
					yield (++this.refusals < REFUSALS) ? run(woken) : await(woken, now.plus(SOON));
				}
			});
	}

	private Mono<Void> attempt(Target target, KeyUse use) {
		this.keyUse = use;
		this.request.record().whenKnown(use::known);
		Mono<Void> attempt = attempt(target);
		return this.request.webSocket() ? attempt : attempt.doFinally((_) -> use.left());
	}

	private Mono<Void> await(boolean again, Instant until) {
		EffectiveSettings settings = this.entry.settings();
		long now = System.nanoTime();
		this.waitingSince = (this.waitingSince != 0) ? this.waitingSince : now;
		this.refusals = 0;
		Duration back = Duration.between(this.tools.time().instant(), until);
		Duration left = settings.queueTimeout().minusNanos(now - this.waitingSince);
		ProxyProblem problem = ProxyProblem.keysAtLimit(this.entry.name(), back);
		if (!left.isPositive()) {
			return giveUp(problem);
		}
		return this.tools.queues()
			.of(this.entry.id())
			.turn(this.caller.id(), again, settings.queueSize(), back)
			.timeout(left, Mono.just(false))
			.flatMap((turn) -> turn ? run(true) : giveUp(problem));
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
		Judged answer = this.lastAnswer;
		return (answer != null) ? this.tools.relay().held(this.request, answer.answer(), answer.outcome())
				: Mono.error(problem);
	}

	private Mono<Void> attempt(Target target) {
		this.attempts++;
		Outgoing sent = this.entry.aggregate() ? Rewrites.apply(target.group(), this.outgoing) : this.outgoing;
		ModelListEdit edit = this.tools.relay().listEdit(this.entry, target, sent, this.caller);
		this.request.response().header(AnswerRelay.ATTEMPTS, Integer.toString(this.attempts));
		OpenAttempt attempt = open(target, sent);
		return send(target, sent, edit != null, attempt).doOnCancel(target.lease()::abandon)
			.onErrorResume((ex) -> failed(attempt, ex))
			.flatMap((result) -> conclude(new Made(target, sent, attempt), edit, result));
	}

	private OpenAttempt open(Target target, Outgoing sent) {
		String secret = target.lease().secret();
		return this.request.record()
			.attempt(sent.model(), this.entry.aggregate() ? target.group().name() : null, target.lease().keyId(),
					secret, Secrets.mask(secret), target.upstream().toString());
	}

	private Mono<AttemptResult> send(Target target, Outgoing sent, boolean readable, OpenAttempt attempt) {
		if (this.request.webSocket()) {
			return this.tools.sender().open(target, sent, this.request).doOnNext((_) -> attempt.head(SWITCHING));
		}
		return this.tools.sender().send(target, sent, this.request, readable).flatMap((result) -> {
			if (!(result instanceof Answered answered)) {
				return Mono.just(result);
			}
			int status = answered.head().status().code();
			attempt.head(status);
			return (status >= 400) ? this.tools.relay().hold(answered, target.group().settings().responseTimeout())
					: Mono.just(result);
		});
	}

	private static Mono<AttemptResult> failed(OpenAttempt attempt, Throwable error) {
		if (error instanceof ProxyProblem problem) {
			attempt.ended(problem.outcome(), problem.refusal().code());
			return Mono.error(problem);
		}
		if (error instanceof WebSocketClientHandshakeException refused && refused.response() != null) {
			attempt.head(refused.response().status().code());
			return Mono.just(new Held(refused.response().status().code(), refused.response().headers(), new byte[0]));
		}
		return Mono.just(new Failed(TransportFailure.of(error)));
	}

	private Mono<Void> conclude(Made made, @Nullable ModelListEdit edit, AttemptResult result) {
		Target target = made.target();
		return switch (result) {
			case Answered answered -> {
				target.lease().settle(new Accepted());
				made.attempt().ended(RecordOutcome.ACCEPTED, null);
				yield this.tools.relay().live(this.request, made, answered, edit);
			}
			case Opened(var connection) -> {
				target.lease().settle(new Accepted());
				made.attempt().ended(RecordOutcome.ACCEPTED, null);
				this.request.record().answered(SWITCHING, RecordOutcome.ACCEPTED);
				target.group().upstreams().succeeded(target.upstream());
				yield WebSocketRelay.relay(this.request, connection, WebSocketRelay.frameLimit(target.group()));
			}
			case Held held -> judge(made, held);
			case Failed(var failure) -> {
				settle(made, new UpstreamFailed(failure.reason()), null);
				boolean again = failure.retryable(this.entry.settings().retryOn())
						&& (this.outgoing.body().repeatable() || failure.beforeSending()) && this.selector.hasKey();
				yield again ? againUnlessSpent(failure.problem(target.group().settings()))
						: giveUp(failure.problem(target.group().settings()));
			}
		};
	}

	private Mono<Void> judge(Made made, Held held) {
		byte[] readable = this.tools.relay().readable(held);
		Outcome outcome = made.sent()
			.dialect()
			.outcome(new ResponseHead(held.status(), held.headers(), readable, this.tools.time().instant()));
		settle(made, outcome, readable);
		this.lastAnswer = new Judged(held, word(outcome));
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

	private void settle(Made made, Outcome outcome, byte @Nullable [] answer) {
		Target target = made.target();
		target.lease().settle(outcome);
		KeyUse use = this.keyUse;
		if (use != null) {
			use.failed();
		}
		made.attempt().ended(word(outcome), reason(outcome, answer));
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

	private static RecordOutcome word(Outcome outcome) {
		return switch (outcome) {
			case Accepted _ -> RecordOutcome.ACCEPTED;
			case CallerRejected _ -> RecordOutcome.CALLER_REJECTED;
			case Throttled _ -> RecordOutcome.THROTTLED;
			case KeyRejected _ -> RecordOutcome.KEY_REJECTED;
			case UpstreamFailed _ -> RecordOutcome.UPSTREAM_FAILED;
		};
	}

	/** What the provider said, or why it said nothing. */
	private static @Nullable String reason(Outcome outcome, byte @Nullable [] answer) {
		if (answer == null) {
			return (outcome instanceof UpstreamFailed failed) ? failed.reason() : null;
		}
		return OpenAttempt.said(answer);
	}

	private Mono<Void> againUnlessSpent(ProxyProblem problem) {
		EffectiveSettings settings = this.entry.settings();
		if (this.attempts >= settings.maxAttempts()) {
			return giveUp(problem);
		}
		Duration wait = settings.retryBackoff().before(this.attempts + 1, this.tools.random());
		return wait.isZero() ? Mono.defer(this::run) : Mono.delay(wait).then(Mono.defer(this::run));
	}

	/**
	 * An attempt that has been made.
	 *
	 * @param target where it went
	 * @param sent what was sent
	 * @param attempt what is remembered of it
	 */
	record Made(Target target, Outgoing sent, OpenAttempt attempt) {
	}

	/**
	 * An answer that is held, and how it was judged.
	 *
	 * @param answer the answer
	 * @param outcome the judgement
	 */
	private record Judged(Held answer, RecordOutcome outcome) {
	}

}
