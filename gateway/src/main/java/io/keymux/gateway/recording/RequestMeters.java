package io.keymux.gateway.recording;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.keymux.gateway.provider.Operation;
import io.keymux.gateway.record.AttemptRecord;
import io.keymux.gateway.record.RecordOutcome;
import io.keymux.gateway.record.RequestEnd;
import io.keymux.gateway.record.RequestRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Measures requests: with the names of OpenTelemetry's conventions for generative AI
 * where they have one, and with as many series as there are groups, providers and models
 * at most, never as many as callers think of.
 */
@Component
class RequestMeters {

	/** Models that have series of their own; a caller may name what it likes. */
	private static final int MAX_MODELS = 100;

	private static final String OTHER = "other";

	private static final String NONE = "none";

	/** Buckets that OpenTelemetry's conventions advise: 10 ms doubling to 82 s. */
	private static final Duration[] SECONDS = IntStream.range(0, 14)
		.mapToObj((power) -> Duration.ofMillis(10L << power))
		.toArray(Duration[]::new);

	/**
	 * Buckets that OpenTelemetry's conventions advise: powers of four up to 67 million.
	 */
	private static final double[] TOKENS = IntStream.range(0, 14).mapToDouble((power) -> Math.pow(4, power)).toArray();

	private final MeterRegistry registry;

	private final Map<AttemptSeries, Counter> attempts = new ConcurrentHashMap<>();

	private final Map<Series, Meters> meters = new ConcurrentHashMap<>();

	private final Map<String, Counter> refusals = new ConcurrentHashMap<>();

	private final Set<String> models = ConcurrentHashMap.newKeySet();

	private final Counter unrecorded;

	RequestMeters(MeterRegistry registry) {
		this.registry = registry;
		this.unrecorded = Counter.builder("keymux.records.dropped")
			.description("request records and bodies that were not kept")
			.tag("kind", "stranger")
			.register(registry);
	}

	/** A request of nobody known was not even recorded. */
	void unrecorded() {
		this.unrecorded.increment();
	}

	/** The gateway refused a request. */
	void refused(@Nullable String code) {
		this.refusals
			.computeIfAbsent((code != null) ? code : NONE,
					(name) -> Counter.builder("keymux.refusals")
						.description("requests the gateway answered itself")
						.tag("code", name)
						.register(this.registry))
			.increment();
	}

	/** A request has ended and its tokens are known. */
	void ended(RequestRecord record) {
		String provider = record.provider();
		if (provider == null) {
			return;
		}
		for (AttemptRecord attempt : record.attempts()) {
			String group = (attempt.member() != null) ? attempt.member() : record.group();
			this.attempts.computeIfAbsent(new AttemptSeries(group, provider, attempt.outcome()), this::counter)
				.increment();
		}
		if (record.operation().needsModel() && !record.attempts().isEmpty()) {
			measure(record, provider);
		}
	}

	private void measure(RequestRecord record, String provider) {
		Meters series = this.meters.computeIfAbsent(
				new Series(provider, record.operation(), model(record), error(record)),
				(key) -> new Meters(this.registry, key));
		series.duration.record(record.totalMs(), TimeUnit.MILLISECONDS);
		if (record.stream() && record.firstChunkMs() != null) {
			series.firstChunk.record(record.firstChunkMs(), TimeUnit.MILLISECONDS);
		}
		if (record.tokens().input() > 0) {
			series.input.record((double) record.tokens().input());
		}
		if (record.tokens().output() > 0) {
			series.output.record((double) record.tokens().output());
		}
	}

	/** Only a model that a provider has taken gets series of its own. */
	private String model(RequestRecord record) {
		String model = record.model();
		if (model == null) {
			return NONE;
		}
		if (this.models.contains(model)) {
			return model;
		}
		boolean known = record.outcome() == RecordOutcome.ACCEPTED && this.models.size() < MAX_MODELS
				&& this.models.add(model);
		return known ? model : OTHER;
	}

	private static String error(RequestRecord record) {
		if (record.outcome() != RecordOutcome.ACCEPTED) {
			return record.outcome().key();
		}
		return (record.end() == RequestEnd.COMPLETE) ? NONE : record.end().key();
	}

	private Counter counter(AttemptSeries series) {
		return Counter.builder("keymux.attempts")
			.description("attempts at upstreams")
			.tags("group", series.group(), "provider", series.provider(), "outcome", series.outcome().key())
			.register(this.registry);
	}

	/**
	 * Name of an operation in OpenTelemetry's conventions, or its own where they have
	 * none.
	 */
	private static String name(Operation operation) {
		return switch (operation) {
			case CHAT -> "chat";
			case COMPLETION -> "text_completion";
			case EMBEDDINGS -> "embeddings";
			case IMAGE -> "image";
			case SPEECH -> "speech";
			case TRANSCRIPTION -> "transcription";
			case MODERATION -> "moderation";
			case TOKEN_COUNT -> "token_count";
			case REALTIME -> "realtime";
			case MODEL_LIST, MODEL, OTHER -> OTHER;
		};
	}

	/** Name of a provider in OpenTelemetry's conventions. */
	private static String provider(String provider) {
		return provider.startsWith("gemini") ? "gcp.gemini" : provider;
	}

	private record AttemptSeries(String group, String provider, RecordOutcome outcome) {
	}

	private record Series(String provider, Operation operation, String model, String error) {
	}

	/** The meters of one series. */
	private static final class Meters {

		private final Timer duration;

		private final Timer firstChunk;

		private final DistributionSummary input;

		private final DistributionSummary output;

		Meters(MeterRegistry registry, Series series) {
			Tags tags = Tags.of("gen_ai.provider.name", provider(series.provider()), "gen_ai.operation.name",
					name(series.operation()), "gen_ai.request.model", series.model());
			this.duration = Timer.builder("gen_ai.client.operation.duration")
				.description("time from a request's arrival to the end of its answer")
				.tags(tags.and("error.type", series.error()))
				.serviceLevelObjectives(SECONDS)
				.register(registry);
			this.firstChunk = Timer.builder("gen_ai.client.operation.time_to_first_chunk")
				.description("time from a request's arrival to the first bytes of a streamed answer")
				.tags(tags)
				.serviceLevelObjectives(SECONDS)
				.register(registry);
			this.input = tokens(registry, tags, "input");
			this.output = tokens(registry, tags, "output");
		}

		private static DistributionSummary tokens(MeterRegistry registry, Tags tags, String type) {
			return DistributionSummary.builder("gen_ai.client.token.usage")
				.description("tokens of a request")
				.tags(tags.and("gen_ai.token.type", type))
				.serviceLevelObjectives(TOKENS)
				.register(registry);
		}

	}

}
