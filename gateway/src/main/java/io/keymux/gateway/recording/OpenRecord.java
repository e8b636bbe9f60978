package io.keymux.gateway.recording;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.keymux.gateway.provider.Operation;
import io.keymux.gateway.provider.Provider;
import io.keymux.gateway.provider.Refusal;
import io.keymux.gateway.record.AttemptRecord;
import io.keymux.gateway.record.RecordOutcome;
import io.keymux.gateway.record.RequestEnd;
import io.keymux.gateway.record.RequestRecord;
import io.keymux.gateway.setting.EffectiveSettings;
import io.keymux.gateway.setting.OnDisconnect;
import io.keymux.gateway.token.AnswerFacts;
import io.keymux.gateway.token.AnswerReader;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request that is running. It is held by everything that may still
 * learn something of it, and becomes a record when the last one lets go; that happens
 * once.
 */
public final class OpenRecord {

	private static final int NONE = -1;

	/** Farther from none than holders will ever count down. */
	private static final int CLOSED = -1_000_000;

	private final Recordings recordings;

	private final String id;

	private final Instant time;

	private final String clientAddress;

	private final @Nullable String traceId;

	private final long startNanos = System.nanoTime();

	private final AtomicInteger holders = new AtomicInteger(1);

	private final AtomicReference<@Nullable RequestEnd> end = new AtomicReference<>();

	private final AtomicLong bytesOut = new AtomicLong();

	private final AtomicLong bytesIn = new AtomicLong();

	private final List<OpenAttempt> attempts = new ArrayList<>(1);

	private volatile long firstChunkNanos;

	private volatile long endNanos;

	private volatile int status = NONE;

	private volatile @Nullable RecordOutcome outcome;

	private volatile @Nullable String errorCode;

	private volatile @Nullable String error;

	private volatile boolean drained;

	private volatile @Nullable Runnable drain;

	private volatile boolean webSocket;

	private volatile @Nullable Consumer<RequestRecord> listener;

	private volatile @Nullable RequestRecord known;

	private String group = "";

	private @Nullable Provider provider;

	private @Nullable EffectiveSettings settings;

	private @Nullable String accessKey;

	private Operation operation = Operation.OTHER;

	private boolean stream;

	private @Nullable String requestedModel;

	private @Nullable String upstreamModel;

	private byte @Nullable [] requestBytes;

	private @Nullable BodyStart requestBody;

	private @Nullable BodyStart responseBody;

	private @Nullable AnswerFacts facts;

	/** Credentials of this request, which its recorded bodies may repeat. */
	private @Nullable String credential;

	private @Nullable String providerSecret;

	OpenRecord(Recordings recordings, String id, Instant time, String clientAddress, @Nullable String traceId) {
		this.recordings = recordings;
		this.id = id;
		this.time = time;
		this.clientAddress = clientAddress;
		this.traceId = traceId;
	}

	/**
	 * The group that is asked exists.
	 * @param name its name
	 * @param groupProvider its provider
	 * @param kind kind of call its path stands for
	 * @param inForce settings of the group
	 */
	public void group(String name, Provider groupProvider, Operation kind, EffectiveSettings inForce) {
		this.group = name;
		this.provider = groupProvider;
		this.operation = kind;
		this.settings = inForce;
	}

	/**
	 * The caller is known.
	 * @param name name of its access key
	 * @param secret the access key
	 */
	public void caller(String name, @Nullable String secret) {
		this.accessKey = name;
		this.credential = secret;
	}

	/**
	 * The request has been read.
	 * @param model model it asks for, or null
	 * @param asksForStream whether it asks for a stream
	 */
	public void read(@Nullable String model, boolean asksForStream) {
		this.requestedModel = model;
		this.stream = asksForStream;
	}

	/**
	 * The whole body of the request is held.
	 * @param bytes the body; it must not change
	 * @param contentType its media type
	 * @param contentEncoding its content coding, or empty
	 */
	public void body(byte[] bytes, String contentType, String contentEncoding) {
		this.requestBytes = bytes;
		this.bytesIn.set(bytes.length);
		if (this.settings != null && this.settings.recordRequestBody()) {
			this.requestBody = new BodyStart(contentType, contentEncoding);
			this.requestBody.add(bytes, 0, bytes.length);
		}
	}

	/**
	 * Bytes of the request pass.
	 * @param count how many
	 */
	public void passed(int count) {
		this.bytesIn.addAndGet(count);
	}

	/**
	 * An attempt begins.
	 * @param model model as it is sent, or null
	 * @param member group that serves it, if it is not the one asked, or null
	 * @param providerKeyId identity of the provider key
	 * @param secret the provider key
	 * @param masked the same, masked
	 * @param upstream base URL
	 * @return the attempt
	 */
	public OpenAttempt attempt(@Nullable String model, @Nullable String member, long providerKeyId, String secret,
			String masked, String upstream) {
		synchronized (this.attempts) {
			this.upstreamModel = model;
			this.providerSecret = secret;
			OpenAttempt attempt = new OpenAttempt(this, this.attempts.size() + 1, member, providerKeyId, masked,
					upstream);
			this.attempts.add(attempt);
			return attempt;
		}
	}

	/**
	 * An answer goes to the caller.
	 * @param httpStatus its status
	 * @param result how the request turned out
	 */
	public void answered(int httpStatus, RecordOutcome result) {
		this.status = httpStatus;
		this.outcome = result;
	}

	/**
	 * The provider's error goes to the caller.
	 * @param body the error answer, unpacked as far as that is possible
	 */
	public void failed(byte[] body) {
		AnswerFacts read = ErrorAnswer.read(body);
		this.errorCode = (read.error() != null) ? read.error() : String.valueOf(this.status);
		this.error = read.errorMessage();
	}

	/**
	 * The gateway answers itself.
	 * @param refusal its answer
	 * @param result how the request turned out
	 */
	public void refused(Refusal refusal, RecordOutcome result) {
		this.status = refusal.status();
		this.outcome = result;
		this.errorCode = refusal.code();
		this.error = refusal.message();
	}

	/**
	 * Begins to listen to an answer's body; the record waits until that has ended.
	 * @param kind kind of call
	 * @param contentType media type of the answer, or empty
	 * @param contentEncoding its content coding, or empty
	 * @return what listens
	 */
	public AnswerTap tap(Operation kind, String contentType, String contentEncoding) {
		this.holders.incrementAndGet();
		AnswerReader reader = kind.needsModel() ? AnswerReader.of(contentType, contentEncoding) : null;
		boolean kept = this.settings != null && this.settings.recordResponseBody();
		this.responseBody = kept ? new BodyStart(contentType, contentEncoding) : null;
		return new AnswerTap(this, reader, this.responseBody);
	}

	/**
	 * Begins to listen to a WebSocket; the record waits until that has ended.
	 * @return what listens
	 */
	public AnswerTap tapFrames() {
		this.holders.incrementAndGet();
		this.webSocket = true;
		this.stream = true;
		return new AnswerTap(this, AnswerReader.ofFrames(), null);
	}

	/**
	 * Whether an answer is to be read to its end although the caller has left.
	 * @return true unless the settings say otherwise or there is nothing to learn
	 */
	public boolean drains() {
		return this.settings != null && this.settings.onDisconnect() == OnDisconnect.DRAIN
				&& this.operation.needsModel() && this.end.get() != RequestEnd.TIMEOUT;
	}

	/**
	 * The answer is being read to its end although the caller has left.
	 * @param abort ends that
	 */
	public void draining(Runnable abort) {
		this.drained = true;
		this.drain = abort;
		ends(RequestEnd.CANCELLED);
	}

	/**
	 * Tells when all is known of the request, its tokens too.
	 * @param told takes the record, at once if it is known already; must return soon and
	 * not fail, and not mind being told twice
	 */
	public void whenKnown(Consumer<RequestRecord> told) {
		Consumer<RequestRecord> others = this.listener;
		this.listener = (others != null) ? others.andThen(told) : told;
		RequestRecord record = this.known;
		if (record != null) {
			told.accept(record);
		}
	}

	void known(RequestRecord record) {
		this.known = record;
		Consumer<RequestRecord> told = this.listener;
		if (told != null) {
			told.accept(record);
		}
	}

	void stopDraining() {
		Runnable abort = this.drain;
		if (abort != null) {
			abort.run();
		}
	}

	/**
	 * The request ends in a certain way; only the first call counts.
	 * @param how the way
	 */
	public void ends(RequestEnd how) {
		this.end.compareAndSet(null, how);
	}

	/** The exchange with the caller is over; called once. */
	public void finished() {
		if (!this.webSocket) {
			this.endNanos = System.nanoTime();
		}
		release();
	}

	/**
	 * Bytes of an answer's body are on their way to the caller.
	 * @param count how many
	 */
	public void handedOn(int count) {
		if (this.firstChunkNanos == 0 && count > 0) {
			this.firstChunkNanos = System.nanoTime();
		}
		this.bytesOut.addAndGet(count);
	}

	/** An answer has ended. */
	void told(AnswerFacts answer) {
		this.facts = answer;
	}

	void release() {
		if (this.holders.decrementAndGet() == 0) {
			close();
		}
	}

	/** Becomes a record as it stands, unless it already has. */
	void closeNow() {
		if (this.holders.getAndSet(CLOSED) > 0) {
			ends(RequestEnd.CANCELLED);
			close();
		}
	}

	private void close() {
		if (this.endNanos == 0) {
			this.endNanos = System.nanoTime();
		}
		this.recordings.close(this);
	}

	long millis(long nanos) {
		return (nanos - this.startNanos) / 1_000_000;
	}

	String id() {
		return this.id;
	}

	Instant time() {
		return this.time;
	}

	String clientAddress() {
		return this.clientAddress;
	}

	@Nullable String traceId() {
		return this.traceId;
	}

	String group() {
		return this.group;
	}

	@Nullable Provider provider() {
		return this.provider;
	}

	@Nullable String accessKey() {
		return this.accessKey;
	}

	Operation operation() {
		return this.operation;
	}

	boolean stream() {
		AnswerFacts answer = this.facts;
		return this.stream || (answer != null && answer.events());
	}

	@Nullable String requestedModel() {
		return this.requestedModel;
	}

	@Nullable String upstreamModel() {
		return this.upstreamModel;
	}

	@Nullable AnswerFacts facts() {
		return this.facts;
	}

	@Nullable Integer status() {
		return (this.status != NONE) ? this.status : null;
	}

	@Nullable RecordOutcome outcome() {
		return this.outcome;
	}

	@Nullable String errorCode() {
		return this.errorCode;
	}

	@Nullable String error() {
		return this.error;
	}

	RequestEnd end() {
		RequestEnd known = this.end.get();
		return (known != null) ? known : RequestEnd.COMPLETE;
	}

	boolean drained() {
		return this.drained;
	}

	long bytesIn() {
		return this.bytesIn.get();
	}

	long bytesOut() {
		return this.bytesOut.get();
	}

	@Nullable Long firstChunkMs() {
		return (this.firstChunkNanos != 0) ? millis(this.firstChunkNanos) : null;
	}

	long totalNanos() {
		return this.endNanos - this.startNanos;
	}

	long firstChunkNanos() {
		return (this.firstChunkNanos != 0) ? this.firstChunkNanos - this.startNanos : 0;
	}

	byte @Nullable [] requestBytes() {
		return this.requestBytes;
	}

	@Nullable BodyStart requestBody() {
		return this.requestBody;
	}

	@Nullable BodyStart responseBody() {
		return this.responseBody;
	}

	@Nullable String credential() {
		return this.credential;
	}

	@Nullable String providerSecret() {
		return this.providerSecret;
	}

	/** Whether a provider was at work on the request when it ended. */
	boolean pending() {
		synchronized (this.attempts) {
			return !this.attempts.isEmpty() && this.attempts.getLast().pending();
		}
	}

	List<AttemptRecord> attempts() {
		synchronized (this.attempts) {
			return this.attempts.stream().map(OpenAttempt::close).toList();
		}
	}

	@Nullable Long queueMs() {
		synchronized (this.attempts) {
			return this.attempts.isEmpty() ? null : millis(this.attempts.getFirst().startNanos());
		}
	}

}
