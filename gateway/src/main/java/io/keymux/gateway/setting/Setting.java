package io.keymux.gateway.setting;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** Every setting an operator may change, with its type, bounds, default and meaning. */
public enum Setting {

	/** Time to open a connection. */
	CONNECT_TIMEOUT("connect-timeout", "15s", "time to open a connection to an upstream, TLS included",
			SettingParser.duration(Duration.ofMillis(100), Duration.ofMinutes(5))),

	/** Time until the response head. */
	RESPONSE_TIMEOUT("response-timeout", "600s", "time one attempt may take until the response head",
			SettingParser.duration(Duration.ofMillis(100), Duration.ofHours(24))),

	/** Silence between chunks. */
	STREAM_IDLE_TIMEOUT("stream-idle-timeout", "120s", "longest silence between two chunks of an answer",
			SettingParser.duration(Duration.ofMillis(100), Duration.ofHours(24))),

	/** Time of the whole exchange. */
	REQUEST_TIMEOUT("request-timeout", "",
			"time the whole exchange may take, all attempts and the stream; empty: no limit",
			SettingParser.duration(Duration.ofMillis(100), Duration.ofDays(7)).orEmpty()),

	/** Attempts of one request. */
	MAX_ATTEMPTS("max-attempts", "4", "attempts one request may make, the first included",
			SettingParser.integer(1, 100)),

	/** What allows another attempt. */
	RETRY_ON("retry-on", "429,500-599,connect",
			"what allows another attempt besides a rejected key: statuses, ranges of them, connect (refused, reset, "
					+ "unreachable), timeout",
			new SettingType("list of status, range, connect or timeout", "",
					"statuses from 400 to 599, ranges of them, connect or timeout", RetryOn::parse)),

	/** Wait between attempts. */
	RETRY_BACKOFF("retry-backoff", "50ms..2s",
			"wait between attempts of one request, doubling from the first to the second value, with jitter",
			new SettingType("duration..duration", "ms, s, m, h or d",
					"two durations, the first not above the second, at most 1m", BackoffRange::parse)),

	/** Rejections until ejection. */
	EJECTION_THRESHOLD("ejection-threshold", "3", "consecutive key rejections after which a key is ejected; 0: never",
			SettingParser.integer(0, 1000)),

	/** Rest of a throttled key. */
	COOLDOWN("cooldown", "30s", "rest of a throttled key when the provider names no time",
			SettingParser.duration(Duration.ofSeconds(1), Duration.ofHours(24))),

	/** First wait of the prober. */
	PROBE_INTERVAL("probe-interval", "60s",
			"wait before an ejected key is probed, doubling up to 60 minutes while it fails",
			SettingParser.duration(Duration.ofSeconds(1), Duration.ofMinutes(60))),

	/** Probes at once. */
	PROBE_CONCURRENCY("probe-concurrency", "10", "probes of one group that run at once",
			SettingParser.integer(1, 1000)),

	/** Time of a probe. */
	PROBE_TIMEOUT("probe-timeout", "20s", "time one probe may take",
			SettingParser.duration(Duration.ofMillis(100), Duration.ofMinutes(10))),

	/** Held body. */
	MAX_BODY_SIZE("max-body-size", "32MB", "largest body that is held for retry or rewriting",
			SettingParser.size(1024, 1024L * 1024 * 1024)),

	/** Streamed body. */
	MAX_UPLOAD_SIZE("max-upload-size", "512MB", "largest multipart or binary body that is streamed through",
			SettingParser.size(1024, 1024L * 1024 * 1024 * 1024)),

	/** Proxy towards the provider. */
	EGRESS_PROXY("egress-proxy", "",
			"proxy towards the upstream: http, https or socks5, with user:password@ if it asks for them",
			SettingParser.proxyUrl().orEmpty()) {
		@Override
		public boolean mayHoldSecret() {
			return true;
		}
	},

	/** Recording of request bodies. */
	RECORD_REQUEST_BODY("record-request-body", "false", "keep the first 64 KB of request bodies in records",
			SettingParser.bool()),

	/** Recording of response bodies. */
	RECORD_RESPONSE_BODY("record-response-body", "false", "keep the first 64 KB of response bodies in records",
			SettingParser.bool()),

	/** Age of records. */
	RECORD_RETENTION("record-retention", "7d", "age at which request records are deleted", true,
			SettingParser.duration(Duration.ofHours(1), Duration.ofDays(3650))),

	/** What follows when a caller leaves. */
	ON_DISCONNECT("on-disconnect", "cancel",
			"what follows when a caller leaves amid an answer: cancel ends it at the upstream, drain reads it to its "
					+ "end for the token usage",
			SettingParser.choice(OnDisconnect.class)),

	/** Requests in flight. */
	MAX_IN_FLIGHT("max-in-flight", "", "requests this node works on at once; empty: no limit", true,
			SettingParser.integer(1, 1_000_000).orEmpty()),

	/** Wait for a key. */
	QUEUE_TIMEOUT("queue-timeout", "10s", "how long a request waits while all keys are at limits of their own; 0s: not",
			SettingParser.duration(Duration.ZERO, Duration.ofMinutes(10))),

	/** Requests that wait for a key. */
	QUEUE_SIZE("queue-size", "100", "requests of one group that wait for a key at once, on each node",
			SettingParser.integer(0, 100_000)),

	/** Ramp of a fresh upstream. */
	SLOW_START("slow-start", "0s", "time in which a new or restored upstream grows to its full share",
			SettingParser.duration(Duration.ZERO, Duration.ofHours(1))),

	/** Failures until an upstream is ejected. */
	OUTLIER_THRESHOLD("outlier-threshold", "5",
			"consecutive failures after which an upstream is ejected for 10s, doubling; 0: never",
			SettingParser.integer(0, 1000));

	private static final Map<String, Setting> BY_KEY = Arrays.stream(values())
		.collect(Collectors.toUnmodifiableMap(Setting::key, Function.identity()));

	private final String key;

	private final String defaultValue;

	private final String description;

	private final boolean systemOnly;

	@SuppressWarnings("ImmutableEnumChecker") // parsers hold no state
	private final SettingType type;

	Setting(String key, String defaultValue, String description, SettingType type) {
		this(key, defaultValue, description, false, type);
	}

	Setting(String key, String defaultValue, String description, boolean systemOnly, SettingType type) {
		this.key = key;
		this.defaultValue = defaultValue;
		this.description = description;
		this.systemOnly = systemOnly;
		this.type = type;
	}

	/**
	 * Finds a setting by its name in the API.
	 * @param key for example {@code max-attempts}
	 * @return the setting, or null if there is none of that name
	 */
	public static @Nullable Setting find(String key) {
		return BY_KEY.get(key);
	}

	/**
	 * The name in the API, in files and, in upper case, in the environment.
	 * @return for example {@code max-attempts}
	 */
	public String key() {
		return this.key;
	}

	public String type() {
		return this.type.name();
	}

	/**
	 * How the unit of a value is written.
	 * @return for example {@code ms, s, m, h or d}, or nothing for values without one
	 */
	public String unit() {
		return this.type.unit();
	}

	/**
	 * The values that are accepted.
	 * @return for example {@code whole number from 1 to 100}
	 */
	public String bounds() {
		return this.type.bounds();
	}

	public String defaultValue() {
		return this.defaultValue;
	}

	public String description() {
		return this.description;
	}

	/**
	 * Whether a group may not override it.
	 * @return true if only the environment and the system tier may set it
	 */
	public boolean systemOnly() {
		return this.systemOnly;
	}

	/**
	 * Whether a value may be a URL with a password, which is sealed where it is stored
	 * and masked where it is shown.
	 * @return true if values need {@link SecretSettings}
	 */
	public boolean mayHoldSecret() {
		return false;
	}

	/**
	 * Reads a value.
	 * @param text the value as written
	 * @return the typed value
	 * @throws IllegalArgumentException naming value and expectation
	 */
	public Object parse(String text) {
		return this.type.parser().apply(text.strip());
	}

}
