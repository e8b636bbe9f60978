package io.keymux.gateway.record;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import io.keymux.gateway.provider.Operation;
import io.keymux.gateway.token.TokenUsage;
import io.keymux.gateway.token.UsageSource;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one request.
 *
 * @param id id of the request: 32 hexadecimal digits, the first 12 its time of arrival in
 * milliseconds
 * @param time when it arrived, to the millisecond
 * @param provider provider of the group, or null if there is no such group
 * @param group group that was asked
 * @param accessKey name of the caller's access key, or null if it had none
 * @param clientAddress where it came from
 * @param traceId W3C trace id, or null
 * @param operation kind of call
 * @param stream whether a stream was asked for or answered
 * @param requestedModel model as the caller named it, or null
 * @param upstreamModel model as it was sent, or null
 * @param responseModel model as the answer named it, or null
 * @param status status of the answer, or null if the caller got none
 * @param outcome how it turned out
 * @param errorCode short code of the failure, or null
 * @param error text of the failure, redacted, or null
 * @param attempts attempts in order
 * @param bytesIn bytes of the request body
 * @param bytesOut bytes of the answer's body
 * @param queueMs milliseconds until the first attempt, or null if there was none
 * @param firstChunkMs milliseconds until the first bytes of the answer's body, or null
 * @param totalMs milliseconds until the end
 * @param tokens token usage
 * @param usageSource where the token usage is known from
 * @param cost cost in US dollars, or null if no price is known or it has not been set yet
 * @param end how the answer ended
 */
public record RequestRecord(String id, Instant time, @Nullable String provider, String group,
		@Nullable String accessKey, String clientAddress, @Nullable String traceId, Operation operation, boolean stream,
		@Nullable String requestedModel, @Nullable String upstreamModel, @Nullable String responseModel,
		@Nullable Integer status, RecordOutcome outcome, @Nullable String errorCode, @Nullable String error,
		List<AttemptRecord> attempts, long bytesIn, long bytesOut, @Nullable Long queueMs, @Nullable Long firstChunkMs,
		long totalMs, TokenUsage tokens, UsageSource usageSource, @Nullable BigDecimal cost, RequestEnd end) {

	public RequestRecord {
		attempts = List.copyOf(attempts);
	}

	/**
	 * The attempt whose answer the caller got, or the last one.
	 * @return the attempt, or null if none was made
	 */
	public @Nullable AttemptRecord lastAttempt() {
		return this.attempts.isEmpty() ? null : this.attempts.getLast();
	}

	/**
	 * The model it counts for: as it was sent, or as it was asked for when nothing was
	 * sent.
	 * @return the model, or null
	 */
	public @Nullable String model() {
		return (this.upstreamModel != null) ? this.upstreamModel : this.requestedModel;
	}

	/**
	 * Whether it failed, by whoever's fault; a caller that left is no failure.
	 * @return true unless accepted or cancelled
	 */
	public boolean failed() {
		return (this.outcome != RecordOutcome.ACCEPTED && this.outcome != RecordOutcome.CANCELLED)
				|| this.end == RequestEnd.CUT || this.end == RequestEnd.TIMEOUT;
	}

	/**
	 * The same with a cost.
	 * @param amount US dollars, or null
	 * @return the record
	 */
	public RequestRecord withCost(@Nullable BigDecimal amount) {
		return new RequestRecord(this.id, this.time, this.provider, this.group, this.accessKey, this.clientAddress,
				this.traceId, this.operation, this.stream, this.requestedModel, this.upstreamModel, this.responseModel,
				this.status, this.outcome, this.errorCode, this.error, this.attempts, this.bytesIn, this.bytesOut,
				this.queueMs, this.firstChunkMs, this.totalMs, this.tokens, this.usageSource, amount, this.end);
	}

	/** The same with the text of its error. */
	RequestRecord withError(@Nullable String text) {
		return new RequestRecord(this.id, this.time, this.provider, this.group, this.accessKey, this.clientAddress,
				this.traceId, this.operation, this.stream, this.requestedModel, this.upstreamModel, this.responseModel,
				this.status, this.outcome, this.errorCode, text, this.attempts, this.bytesIn, this.bytesOut,
				this.queueMs, this.firstChunkMs, this.totalMs, this.tokens, this.usageSource, this.cost, this.end);
	}

	/**
	 * The same with other token usage.
	 * @param usage the tokens
	 * @param source where they are known from
	 * @return the record
	 */
	public RequestRecord withTokens(TokenUsage usage, UsageSource source) {
		return new RequestRecord(this.id, this.time, this.provider, this.group, this.accessKey, this.clientAddress,
				this.traceId, this.operation, this.stream, this.requestedModel, this.upstreamModel, this.responseModel,
				this.status, this.outcome, this.errorCode, this.error, this.attempts, this.bytesIn, this.bytesOut,
				this.queueMs, this.firstChunkMs, this.totalMs, usage, source, this.cost, this.end);
	}

}
