package io.keymux.gateway.setting;

import java.net.URI;
import java.time.Duration;
import java.util.List;
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
 * @param queueTimeout how long a request waits for a key
 * @param queueSize requests of a group that wait for a key at once
 * @param slowStart ramp of a fresh upstream
 * @param outlierThreshold consecutive failures until an upstream is ejected, 0 = never
 * @param recordRequestBody whether records keep the beginning of request bodies
 * @param recordResponseBody whether records keep the beginning of response bodies
 * @param recordRetention age at which records are deleted
 * @param onDisconnect what follows when a caller leaves amid an answer
 */
public record EffectiveSettings(Duration connectTimeout, Duration responseTimeout, Duration streamIdleTimeout,
		@Nullable Duration requestTimeout, int maxAttempts, RetryOn retryOn, BackoffRange retryBackoff,
		int ejectionThreshold, Duration cooldown, Duration probeInterval, int probeConcurrency, Duration probeTimeout,
		long maxBodySize, long maxUploadSize, @Nullable URI egressProxy, @Nullable Integer maxInFlight,
		Duration queueTimeout, int queueSize, Duration slowStart, int outlierThreshold, boolean recordRequestBody,
		boolean recordResponseBody, Duration recordRetention, OnDisconnect onDisconnect) {

	/**
	 * Resolves tiers of written values.
	 * @param tiers maps of setting name to value, the strongest last
	 * @return the values in force
	 * @throws IllegalArgumentException if a value cannot be read
	 */
	public static EffectiveSettings resolve(List<Map<String, String>> tiers) {
		Tiers values = new Tiers(tiers);
		return new EffectiveSettings(values.get(Setting.CONNECT_TIMEOUT, Duration.class),
				values.get(Setting.RESPONSE_TIMEOUT, Duration.class),
				values.get(Setting.STREAM_IDLE_TIMEOUT, Duration.class),
				values.find(Setting.REQUEST_TIMEOUT, Duration.class), values.get(Setting.MAX_ATTEMPTS, Integer.class),
				values.get(Setting.RETRY_ON, RetryOn.class), values.get(Setting.RETRY_BACKOFF, BackoffRange.class),
				values.get(Setting.EJECTION_THRESHOLD, Integer.class), values.get(Setting.COOLDOWN, Duration.class),
				values.get(Setting.PROBE_INTERVAL, Duration.class),
				values.get(Setting.PROBE_CONCURRENCY, Integer.class), values.get(Setting.PROBE_TIMEOUT, Duration.class),
				values.get(Setting.MAX_BODY_SIZE, DataSize.class).toBytes(),
				values.get(Setting.MAX_UPLOAD_SIZE, DataSize.class).toBytes(),
				values.find(Setting.EGRESS_PROXY, URI.class), values.find(Setting.MAX_IN_FLIGHT, Integer.class),
				values.get(Setting.QUEUE_TIMEOUT, Duration.class), values.get(Setting.QUEUE_SIZE, Integer.class),
				values.get(Setting.SLOW_START, Duration.class), values.get(Setting.OUTLIER_THRESHOLD, Integer.class),
				values.get(Setting.RECORD_REQUEST_BODY, Boolean.class),
				values.get(Setting.RECORD_RESPONSE_BODY, Boolean.class),
				values.get(Setting.RECORD_RETENTION, Duration.class),
				values.get(Setting.ON_DISCONNECT, OnDisconnect.class));
	}

	/** The egress proxy may hold a password. */
	@Override
	public String toString() {
		return "EffectiveSettings";
	}

	/** Written values, the strongest tier last. */
	private record Tiers(List<Map<String, String>> tiers) {

		<T> T get(Setting setting, Class<T> type) {
			return type.cast(setting.parse(strongest(setting)));
		}

		<T> @Nullable T find(Setting setting, Class<T> type) {
			return ((Optional<?>) setting.parse(strongest(setting))).map(type::cast).orElse(null);
		}

		private String strongest(Setting setting) {
			for (Map<String, String> tier : this.tiers.reversed()) {
				String value = tier.get(setting.key());
				if (value != null) {
					return value;
				}
			}
			return setting.defaultValue();
		}

	}

}
