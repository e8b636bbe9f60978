package io.keymux.gateway.admin;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keymux.gateway.crypto.KeyHash;
import io.keymux.gateway.crypto.KeyedHasher;

import org.springframework.stereotype.Component;

/** Judges the keys that people and programs present to manage; in memory. */
@Component
public class Admission {

	private static final int MAX_REGULARS = 10_000;

	private final Administrators administrators;

	private final KeyedHasher hasher;

	private final LoginThrottle throttle;

	private final Cache<Regular, Boolean> regulars = Caffeine.newBuilder()
		.maximumSize(MAX_REGULARS)
		.expireAfterAccess(Duration.ofDays(1))
		.build();

	Admission(Administrators administrators, KeyedHasher hasher, LoginThrottle throttle) {
		this.administrators = administrators;
		this.hasher = hasher;
		this.throttle = throttle;
	}

	/**
	 * Judges a key someone logs in with or sends with a request. One that was good before
	 * from the same address is looked at even while others from there are not: a guesser
	 * must not shut out his neighbour.
	 * @param key the key
	 * @param address where the request comes from
	 * @return what becomes of it
	 */
	public Verdict judge(String key, String address) {
		Regular presented = new Regular(address, this.hasher.hash(key));
		if (this.regulars.getIfPresent(presented) != null) {
			Credential credential = this.administrators.find(presented.hash());
			if (credential != null) {
				return new Verdict.Admitted(credential);
			}
		}
		return attempt(presented);
	}

	private Verdict attempt(Regular presented) {
		Verdict verdict = this.throttle.attempt(presented.address(), () -> this.administrators.find(presented.hash()));
		if (verdict instanceof Verdict.Admitted) {
			this.regulars.put(presented, true);
		}
		return verdict;
	}

	/** A key and where it comes from. */
	private record Regular(String address, KeyHash hash) {
	}

}
