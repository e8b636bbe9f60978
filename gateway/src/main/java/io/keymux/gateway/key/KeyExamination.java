package io.keymux.gateway.key;

import java.util.Collection;
import java.util.function.Consumer;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.provider.Outcome.UpstreamFailed;
import io.keymux.gateway.provider.Outcome;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Asks the provider about keys because someone wants to know. */
@Component
public class KeyExamination {

	private final KeyPools pools;

	private final Catalog catalog;

	private final KeyProbe probe;

	KeyExamination(KeyPools pools, Catalog catalog, KeyProbe probe) {
		this.pools = pools;
		this.catalog = catalog;
		this.probe = probe;
	}

	/**
	 * Asks about keys, as many at once as the group's probe-concurrency lets; the pool
	 * takes note of each answer. Blocks until all have been asked.
	 * @param groupName the group
	 * @param ids the keys
	 * @param heard called with each finding, one at a time; what it throws ends the
	 * examination
	 */
	public void examine(String groupName, Collection<Long> ids, Consumer<Finding> heard) {
		ServingGroup group = this.catalog.snapshot().groups().get(groupName);
		KeyPool pool = (group != null) ? this.pools.find(group.id()) : null;
		if (group == null || pool == null) {
			throw new Problem.NotFound("Group '%s' does not exist.".formatted(groupName));
		}
		Flux.fromIterable(ids)
			.flatMap((id) -> examine(group, pool, id), group.settings().probeConcurrency())
			.doOnNext(heard)
			.blockLast();
	}

	private Mono<Finding> examine(ServingGroup group, KeyPool pool, long id) {
		String secret = pool.secret(id);
		if (secret == null) {
			return Mono.just(Finding.MISSING);
		}
		return this.probe.probe(group, secret)
			.onErrorResume((ex) -> Mono.just(new UpstreamFailed(ex.getClass().getSimpleName())))
			.map((outcome) -> {
				pool.examined(id, outcome);
				return Finding.of(outcome);
			});
	}

	/** What an examination found out about a key. */
	public enum Finding {

		/** It works. */
		@JsonProperty("accepted")
		ACCEPTED,

		/** It works but is throttled now. */
		@JsonProperty("throttled")
		THROTTLED,

		/** The provider does not take it. */
		@JsonProperty("rejected")
		REJECTED,

		/** The provider gave no answer about the key. */
		@JsonProperty("unknown")
		UNKNOWN,

		/** There is no such key any more. */
		@JsonProperty("missing")
		MISSING;

		private static Finding of(Outcome outcome) {
			return switch (outcome) {
				case Outcome.Accepted _, Outcome.CallerRejected _ -> ACCEPTED;
				case Outcome.Throttled _ -> THROTTLED;
				case Outcome.KeyRejected _ -> REJECTED;
				case UpstreamFailed _ -> UNKNOWN;
			};
		}

	}

}
