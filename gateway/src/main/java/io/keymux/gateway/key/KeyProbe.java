package io.keymux.gateway.key;

import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.provider.Outcome;
import reactor.core.publisher.Mono;

/** Asks a provider whether a key works. */
public interface KeyProbe {

	/**
	 * Sends one probe.
	 * @param group group the key belongs to
	 * @param secret the key
	 * @return what the answer says, within the group's probe timeout
	 */
	Mono<Outcome> probe(ServingGroup group, String secret);

}
