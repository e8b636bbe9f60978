package io.keymux.gateway.proxy;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

import io.keymux.gateway.key.KeyPools;

import org.springframework.stereotype.Component;

/**
 * What every request's attempts share.
 *
 * @param pools key pools
 * @param sender sends one attempt
 * @param relay relays an answer
 * @param keyLimits limits of provider keys
 * @param queues requests that wait for a key
 * @param random chance, for backoff
 * @param time the clock
 */
@Component
record AttemptTools(KeyPools pools, UpstreamSender sender, AnswerRelay relay, KeyLimits keyLimits, KeyQueues queues,
		RandomGenerator random, InstantSource time) {
}
