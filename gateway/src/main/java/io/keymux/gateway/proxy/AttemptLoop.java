package io.keymux.gateway.proxy;

import java.time.Duration;
import java.time.Instant;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.crypto.Secrets;
import io.keymux.gateway.group.ServingGroup;
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

	private final AttemptTools tools;

	private final ProxyRequest request;

	private final ServingGroup entry;

	private final Caller caller;

	private final Outgoing outgoing;

	private final TargetSelector selector;

	private int attempts;

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
