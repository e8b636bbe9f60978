package io.keymux.gateway.setting;

import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The values in force for one group, or for the system where no group is concerned.
 *
 * @param connectTimeout time to open a connection
 * @param responseTimeout time of one attempt until the response head
 * @param streamIdleTimeout longest silence between two chunks
 * @param requestTimeout time of the whole exchange, or null
 * @param maxAttempts attempts of one request
 * @param retryOn what allows another attempt
 * @param retryBackoff wait between attempts
 * @param ejectionThreshold consecutive rejections until ejection, 0 = never
 * @param cooldown rest of a throttled key when the provider names no time
 * @param probeInterval first wait of the prober
 * @param probeConcurrency probes at once
 * @param probeTimeout time of one probe
 * @param maxBodySize largest held body, in bytes
 * @param maxUploadSize largest streamed body, in bytes
 * @param egressProxy proxy towards the upstream, or null
 * @param maxInFlight requests at once on this node, or null
 * @param slowStart ramp of a fresh upstream
 * @param outlierThreshold consecutive failures until an upstream is ejected, 0 = never
 */
public record EffectiveSettings(Duration connectTimeout, Duration responseTimeout, Duration streamIdleTimeout,
		@Nullable Duration requestTimeout, int maxAttempts, RetryOn retryOn, BackoffRange retryBackoff,
		int ejectionThreshold, Duration cooldown, Duration probeInterval, int probeConcurrency, Duration probeTimeout,
		long maxBodySize, long maxUploadSize, @Nullable URI egressProxy, @Nullable Integer maxInFlight,
		Duration slowStart, int outlierThreshold) {

	/**
	 * Resolves tiers of written values.
	 * @param tiers maps of setting name to value, the strongest last
	 * @return the values in force
	 * @throws IllegalArgumentException if a value cannot be read
	 */
	@SafeVarargs
	public static EffectiveSettings resolve(Map<String, String>... tiers) {
		Map<Setting, Object> values = new EnumMap<>(Setting.class);
		for (Setting setting : Setting.values()) {
			values.put(setting, setting.parse(strongest(setting, tiers)));
		}
		return new EffectiveSettings((Duration) values.get(Setting.CONNECT_TIMEOUT),
				(Duration) values.get(Setting.RESPONSE_TIMEOUT), (Duration) values.get(Setting.STREAM_IDLE_TIMEOUT),
				optional(values.get(Setting.REQUEST_TIMEOUT), Duration.class),
				(Integer) values.get(Setting.MAX_ATTEMPTS), (RetryOn) values.get(Setting.RETRY_ON),
				(BackoffRange) values.get(Setting.RETRY_BACKOFF), (Integer) values.get(Setting.EJECTION_THRESHOLD),
				(Duration) values.get(Setting.COOLDOWN), (Duration) values.get(Setting.PROBE_INTERVAL),
				(Integer) values.get(Setting.PROBE_CONCURRENCY), (Duration) values.get(Setting.PROBE_TIMEOUT),
				((DataSize) values.get(Setting.MAX_BODY_SIZE)).toBytes(),
				((DataSize) values.get(Setting.MAX_UPLOAD_SIZE)).toBytes(),
				optional(values.get(Setting.EGRESS_PROXY), URI.class),
				optional(values.get(Setting.MAX_IN_FLIGHT), Integer.class), (Duration) values.get(Setting.SLOW_START),
				(Integer) values.get(Setting.OUTLIER_THRESHOLD));
	}

	@SafeVarargs
	private static String strongest(Setting setting, Map<String, String>... tiers) {
		for (int tier = tiers.length - 1; tier >= 0; tier--) {
			String value = tiers[tier].get(setting.key());
			if (value != null) {
				return value;
			}
		}
		return setting.defaultValue();
	}

	private static <T> @Nullable T optional(@Nullable Object value, Class<T> type) {
		return (value instanceof Optional<?> optional) ? optional.map(type::cast).orElse(null) : null;
	}

}
