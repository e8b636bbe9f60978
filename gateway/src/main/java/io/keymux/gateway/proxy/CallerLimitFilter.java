package io.keymux.gateway.proxy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.group.GroupLimits.ModelLimits;
import io.keymux.gateway.group.GroupLimits;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.limit.Admission.Admitted;
import io.keymux.gateway.limit.Admission.Refused;
import io.keymux.gateway.limit.Admission;
import io.keymux.gateway.limit.Demand;
import io.keymux.gateway.limit.Demands;
import io.keymux.gateway.limit.Limiter;
import io.keymux.gateway.limit.Reservation;
import io.keymux.gateway.limit.Subject;
import io.keymux.gateway.record.RequestRecord;
import io.keymux.gateway.token.TokenUsage;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Keeps the limits and quotas of callers and groups: what a request is likely to use is
 * reserved before it is sent, and what it has not used is given back.
 */
@Component
@Order(FilterOrder.CALLER_LIMIT)
class CallerLimitFilter implements GlobalFilter {

	private final Limiter limiter;

	private final ExpectedUse expected;

	private final InstantSource time;

	CallerLimitFilter(Limiter limiter, ExpectedUse expected, InstantSource time) {
		this.limiter = limiter;
		this.expected = expected;
		this.time = time;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Caller caller = AccessFilter.CALLER.get(exchange);
		ServingGroup group = GroupFilter.GROUP.get(exchange);
		GroupLimits limits = group.group().limits();
		if (caller.limits().unlimited() && caller.quota() == null && limits.unlimitedForCallers()) {
			return chain.filter(exchange);
		}
		ProxyRequest request = ProxyRequest.KEY.get(exchange);
		List<Demand> demands = demands(caller, group, Outgoing.KEY.get(exchange));
		if (demands.isEmpty()) {
			return chain.filter(exchange);
		}
		return this.limiter.admit(request.id(), demands)
			.doOnDiscard(Admitted.class, (left) -> left.reservation().settle(0, 0, 0))
			.flatMap((admission) -> conclude(request, admission, chain.filter(exchange)));
	}

	private List<Demand> demands(Caller caller, ServingGroup group, Outgoing outgoing) {
		Instant now = this.time.instant();
		TokenUsage tokens = this.expected.tokens(outgoing);
		Demands demands = Demands.ofRequest(now, tokens.input() + tokens.output(),
				this.expected.cost(group.provider().name(), outgoing.model(), now, tokens));
		Subject callerSubject = Subject.accessKey(caller.id(), caller.name());
		Subject groupSubject = new Subject(Subject.Kind.GROUP, Long.toString(group.id()), group.name());
		GroupLimits limits = group.group().limits();
		demands.add(callerSubject, caller.limits()).add(callerSubject, caller.quota());
		demands.add(groupSubject, limits.whole()).add(groupSubject, limits.quota());
		ModelLimits model = limits.of(outgoing.model());
		if (model != null) {
			demands.add(new Subject(Subject.Kind.MODEL, group.id() + ":" + model.model(), model.model()),
					model.limits());
		}
		return demands.list();
	}

	private Mono<Void> conclude(ProxyRequest request, Admission admission, Mono<Void> rest) {
		LimitHeaders.set(request.response().responseHeaders(), admission.standings());
		return switch (admission) {
			case Refused refused -> Mono.error(ProxyProblem.limited(refused));
			case Admitted admitted -> {
				Reservation reservation = admitted.reservation();
				request.record().whenKnown((record) -> settle(reservation, record));
				// A caller that left while its answer is still read is not in its own
				// way.
				yield request.webSocket() ? rest : rest.doFinally((_) -> reservation.leave());
			}
		};
	}

	private void settle(Reservation reservation, RequestRecord record) {
		String provider = record.provider();
		TokenUsage tokens = record.tokens();
		this.expected.ended(record.model(), tokens);
		reservation.settle(record.attempts().isEmpty() ? 0 : 1, tokens.input() + tokens.output(),
				(provider != null) ? this.expected.cost(provider, record.model(), record.time(), tokens) : 0);
	}

}
