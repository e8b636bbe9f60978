package io.keymux.gateway.recording;

import io.keymux.gateway.record.AttemptRecord;
import io.keymux.gateway.record.RecordOutcome;
import io.keymux.gateway.token.AnswerFacts;
import org.jspecify.annotations.Nullable;

/** An attempt of a request that is being made. */
public final class OpenAttempt {

	private static final int NONE = -1;

	private final OpenRecord record;

	private final int number;

	private final @Nullable String member;

	private final long providerKeyId;

	private final String providerKey;

	private final String upstream;

	private final long startNanos = System.nanoTime();

	private volatile long headNanos;

	private volatile int status = NONE;

	private volatile @Nullable RecordOutcome outcome;

	private volatile @Nullable String error;

	OpenAttempt(OpenRecord record, int number, @Nullable String member, long providerKeyId, String providerKey,
			String upstream) {
		this.record = record;
		this.number = number;
		this.member = member;
		this.providerKeyId = providerKeyId;
		this.providerKey = providerKey;
		this.upstream = upstream;
	}

	/**
	 * The head of an answer has arrived.
	 * @param httpStatus its status
	 */
	public void head(int httpStatus) {
		this.headNanos = System.nanoTime();
		this.status = httpStatus;
	}

	/**
	 * It is known how the attempt turned out.
	 * @param result the outcome
	 * @param reason why it failed, or null; what is secret in it is taken out later
	 */
	public void ended(RecordOutcome result, @Nullable String reason) {
		this.error = reason;
		this.outcome = result;
	}

	/**
	 * What a provider's error answer says.
	 * @param body the answer, unpacked as far as that is possible
	 * @return code and message, or null if it says nothing that can be read
	 */
	public static @Nullable String said(byte[] body) {
		AnswerFacts read = ErrorAnswer.read(body);
		if (read.error() == null) {
			return null;
		}
		return (read.errorMessage() == null || read.errorMessage().isEmpty()) ? read.error()
				: read.error() + ": " + read.errorMessage();
	}

	boolean pending() {
		return this.outcome == null;
	}

	long startNanos() {
		return this.startNanos;
	}

	AttemptRecord close() {
		RecordOutcome known = this.outcome;
		String reason = this.error;
		return new AttemptRecord(this.number, this.member, this.providerKeyId, this.providerKey, this.upstream,
				(this.status != NONE) ? this.status : null, (known != null) ? known : RecordOutcome.CANCELLED,
				this.record.millis(this.startNanos), (this.status != NONE) ? this.record.millis(this.headNanos) : null,
				(reason != null) ? Redaction.line(reason) : null);
	}

}
