package io.keymux.gateway.admin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/** Looks at ten wrong keys a minute from one address, and at none beyond. */
@Component
class LoginThrottle {

	private static final int WRONG_KEYS = 10;

	private static final Duration PERIOD = Duration.ofMinutes(1);

	private static final int MAX_ADDRESSES = 100_000;

	private static final int NETWORK_BYTES = 8;

	private final LoadingCache<String, Bucket> buckets;

	/** A bucket nobody asked for in a period is full, and as good as none. */
	LoginThrottle(InstantSource time) {
		this.buckets = Caffeine.newBuilder()
			.maximumSize(MAX_ADDRESSES)
			.expireAfterAccess(PERIOD)
			.ticker(() -> nanos(time.instant()))
			.build((_) -> bucket(time));
	}

	/** The bucket is held meanwhile: many keys at once are not many first keys. */
	Verdict attempt(String address, Supplier<@Nullable Credential> check) {
		Bucket bucket = this.buckets.get(network(address));
		synchronized (bucket) {
			EstimationProbe probe = bucket.estimateAbilityToConsume(1);
			if (!probe.canBeConsumed()) {
				return new Verdict.Throttled(Duration.ofNanos(probe.getNanosToWaitForRefill()));
			}
			Credential credential = check.get();
			if (credential != null) {
				return new Verdict.Admitted(credential);
			}
			bucket.tryConsume(1);
			return new Verdict.Refused();
		}
	}

	/**
	 * Whoever has one IPv6 address has 2<sup>64</sup> of them: they count as one.
	 */
	private static String network(String address) {
		try {
			return (InetAddress.ofLiteral(address) instanceof Inet6Address wide)
					? HexFormat.of().formatHex(Arrays.copyOf(wide.getAddress(), NETWORK_BYTES)) : address;
		}
		catch (IllegalArgumentException ex) {
			return address;
		}
	}

	private static Bucket bucket(InstantSource time) {
		return Bucket.builder()
			.addLimit((limit) -> limit.capacity(WRONG_KEYS).refillGreedy(WRONG_KEYS, PERIOD))
			.withCustomTimePrecision(new TimeMeter() {
				@Override
				public long currentTimeNanos() {
					return nanos(time.instant());
				}

				@Override
				public boolean isWallClockBased() {
					return true;
				}
			})
			.build();
	}

	private static long nanos(Instant instant) {
		return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
	}

}
