package io.keymux.gateway.recording;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import io.keymux.gateway.provider.Provider;
import io.keymux.gateway.record.AttemptRecord;
import io.keymux.gateway.record.RecordOutcome;
import io.keymux.gateway.record.RequestEnd;
import io.keymux.gateway.record.RequestRecord;
import io.keymux.gateway.token.AnswerFacts;
import io.keymux.gateway.token.TokenUsage;
import io.keymux.gateway.token.UsageSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Opens records when requests arrive, and closes them when nothing more is to come. */
@Component
public class Recordings implements SmartLifecycle {

	/** As much of a name as a record has room for. */
	private static final int MAX_NAME = 190;

	/** Hexadecimal digits of an id that are milliseconds. */
	private static final int TIME_DIGITS = 12;

	private static final Duration LAST_WAIT = Duration.ofSeconds(5);

	private static final Duration POLL = Duration.ofMillis(10);

	private static final Logger logger = LoggerFactory.getLogger(Recordings.class);

	/** Requests that run. */
	private final Set<OpenRecord> running = ConcurrentHashMap.newKeySet();

	private volatile boolean started;

	private final RecordFinisher finisher;

	private final StrangerLimit strangers;

	private final RequestMeters meters;

	Recordings(RecordFinisher finisher, StrangerLimit strangers, RequestMeters meters) {
		this.finisher = finisher;
		this.strangers = strangers;
		this.meters = meters;
	}

	/**
	 * Opens the record of a request.
	 * @param id id of the request, which begins with its time of arrival
	 * @param clientAddress where it came from
	 * @param traceparent header of that name (W3C Trace Context), or null
	 * @return the record, to be finished by whoever opened it
	 */
	public OpenRecord open(String id, String clientAddress, @Nullable String traceparent) {
		OpenRecord record = new OpenRecord(this, id,
				Instant.ofEpochMilli(HexFormat.fromHexDigitsToLong(id, 0, TIME_DIGITS)), clientAddress,
				TraceParent.traceId(traceparent));
		this.running.add(record);
		return record;
	}

	void close(OpenRecord open) {
		this.running.remove(open);
		RecordOutcome outcome = outcome(open);
		if (outcome == RecordOutcome.REFUSED) {
			this.meters.refused(open.errorCode());
		}
		if (open.accessKey() == null && !this.strangers.admits()) {
			this.meters.unrecorded();
			return;
		}
		Usage usage = usage(open, outcome);
		RequestRecord record = record(open, outcome, usage);
		if (usage.source() == UsageSource.ESTIMATED || open.requestBody() != null || open.responseBody() != null) {
			this.finisher.finish(open, record, usage.outputAlone());
		}
		else {
			this.finisher.add(open, record);
		}
	}

	/**
	 * What has been told, or that it has to be estimated: where a provider has worked on
	 * tokens, a record never says nothing.
	 */
	private static Usage usage(OpenRecord open, RecordOutcome outcome) {
		AnswerFacts facts = open.facts();
		boolean worked = outcome == RecordOutcome.ACCEPTED || open.pending()
				|| (facts != null && facts.usage() != null && outcome == RecordOutcome.UPSTREAM_FAILED);
		if (!worked || !open.operation().usesTokens()) {
			return new Usage(TokenUsage.NONE, UsageSource.NONE, false);
		}
		if (facts == null || facts.usage() == null) {
			return new Usage(TokenUsage.NONE, UsageSource.ESTIMATED, false);
		}
		return facts.partial() ? new Usage(facts.usage(), UsageSource.ESTIMATED, true)
				: new Usage(facts.usage(), open.drained() ? UsageSource.DRAINED : UsageSource.REPORTED, false);
	}

	private static RecordOutcome outcome(OpenRecord open) {
		RecordOutcome known = open.outcome();
		if (known == null) {
			return (open.end() == RequestEnd.CANCELLED) ? RecordOutcome.CANCELLED : RecordOutcome.UPSTREAM_FAILED;
		}
		AnswerFacts facts = open.facts();
		boolean failedWithin = known == RecordOutcome.ACCEPTED && facts != null && facts.error() != null;
		return failedWithin ? RecordOutcome.UPSTREAM_FAILED : known;
	}

	private static RequestRecord record(OpenRecord open, RecordOutcome outcome, Usage usage) {
		AnswerFacts facts = open.facts();
		Provider provider = open.provider();
		List<AttemptRecord> attempts = open.attempts();
		String code = (open.errorCode() != null || facts == null) ? open.errorCode() : facts.error();
		String error = (open.error() != null || facts == null) ? open.error() : facts.errorMessage();
		boolean own = attempts.isEmpty() || (outcome == RecordOutcome.REFUSED);
		return new RequestRecord(open.id(), open.time(), (provider != null) ? provider.name() : null, open.group(),
				open.accessKey(), open.clientAddress(), open.traceId(), open.operation(), open.stream(),
				cut(open.requestedModel()), cut(open.upstreamModel()), (facts != null) ? cut(facts.model()) : null,
				open.status(), outcome, (code != null) ? cut(Redaction.line(code)) : null,
				(error == null) ? null : own ? Redaction.line(error) : Redaction.kind(error), attempts, open.bytesIn(),
				open.bytesOut(), open.queueMs(), open.firstChunkMs(), open.totalNanos() / 1_000_000, usage.tokens(),
				usage.source(), null, open.end());
	}

	private static @Nullable String cut(@Nullable String name) {
		return (name == null || name.length() <= MAX_NAME) ? name : name.substring(0, MAX_NAME);
	}

	@Override
	public void start() {
		this.started = true;
	}

	/**
	 * No request is served any more. Answers that are read without their caller end here,
	 * and whatever else is open becomes a record as it stands: none is lost.
	 */
	@Override
	public void stop() {
		this.started = false;
		this.running.forEach(OpenRecord::stopDraining);
		long end = System.nanoTime() + LAST_WAIT.toNanos();
		while (!this.running.isEmpty() && System.nanoTime() < end) {
			LockSupport.parkNanos(POLL.toNanos());
		}
		List<OpenRecord> left = List.copyOf(this.running);
		if (!left.isEmpty()) {
			logger.warn("{} requests were still running at the end", left.size());
			left.forEach(OpenRecord::closeNow);
		}
	}

	@Override
	public boolean isRunning() {
		return this.started;
	}

	/** Stops behind the web server, before records are finished for the last time. */
	@Override
	public int getPhase() {
		return RecordFinisher.PHASE + 10;
	}

	/**
	 * Token usage as far as it is known.
	 *
	 * @param tokens what has been told
	 * @param source where it is known from
	 * @param outputAlone whether only the output has to be estimated
	 */
	private record Usage(TokenUsage tokens, UsageSource source, boolean outputAlone) {
	}

}
