package io.keymux.gateway.proxy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import io.keymux.gateway.crypto.Secrets;
import io.keymux.gateway.limit.Admission;
import io.keymux.gateway.limit.Demand;
import io.keymux.gateway.limit.Demands;
import io.keymux.gateway.limit.Limiter;
import io.keymux.gateway.limit.Limits;
import io.keymux.gateway.limit.Subject;
import io.keymux.gateway.token.TokenUsage;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Limits of single provider keys. */
@Component
class KeyLimits {

	private final Limiter limiter;

	private final ExpectedUse expected;

	private final InstantSource time;

	KeyLimits(Limiter limiter, ExpectedUse expected, InstantSource time) {
		this.limiter = limiter;
		this.expected = expected;
		this.time = time;
	}

	/** Whether keys of a target have limits. */
	static boolean apply(Target target) {
		return !target.group().group().limits().eachKey().unlimited();
	}

	/** Takes what an attempt is likely to use of its key's limits. */
	Mono<Admission> admit(String id, Target target, Outgoing outgoing) {
		Limits limits = target.group().group().limits().eachKey();
		TokenUsage tokens = this.expected.tokens(outgoing);
		Instant now = this.time.instant();
		List<Demand> demands = Demands.ofRequest(now, tokens.input() + tokens.output(), 0)
			.add(Subject.providerKey(target.lease().keyId(), Secrets.mask(target.lease().secret())), limits)
			.list();
		return this.limiter.admit(id, demands);
	}

}
