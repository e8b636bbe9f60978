package io.keymux.gateway.management;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

import io.keymux.gateway.record.AttemptRecord;
import io.keymux.gateway.record.RecordedBody;
import io.keymux.gateway.record.RequestRecord;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A record as the API shows it. */
@Schema(name = "Record")
record RecordBody(String id, Instant time, @Nullable String provider, String group, @Nullable String member,
		@Nullable String accessKey, @Nullable String providerKey, @Nullable Long providerKeyId,
		@Nullable String upstream, @Nullable String requestedModel, @Nullable String upstreamModel,
		@Nullable String responseModel, String operation, boolean stream, @Nullable Integer status, String outcome,
		@Nullable String errorCode, @Nullable String error, List<Attempt> attempts, long bytesIn, long bytesOut,
		@Nullable Long queueMs, @Nullable Long firstChunkMs, long totalMs, long inputTokens, long outputTokens,
		long cachedTokens, long cacheWrittenTokens, long reasoningTokens, String usageSource, @Nullable BigDecimal cost,
		String end, @Nullable String traceId, String clientAddress, @Nullable Body requestBody,
		@Nullable Body responseBody) {

	static final String CSV_HEADER = "id,time,provider,group,member,accessKey,providerKey,upstream,requestedModel,"
			+ "upstreamModel,responseModel,operation,stream,status,outcome,errorCode,error,attempts,bytesIn,bytesOut,"
			+ "queueMs,firstChunkMs,totalMs,inputTokens,outputTokens,cachedTokens,cacheWrittenTokens,reasoningTokens,"
			+ "usageSource,cost,end,traceId,clientAddress\r\n";

	static RecordBody of(RequestRecord record, @Nullable RecordedBody request, @Nullable RecordedBody response) {
		AttemptRecord last = record.lastAttempt();
		return new RecordBody(record.id(), record.time(), record.provider(), record.group(),
				(last != null) ? last.member() : null, record.accessKey(), (last != null) ? last.providerKey() : null,
				(last != null) ? last.providerKeyId() : null, (last != null) ? last.upstream() : null,
				record.requestedModel(), record.upstreamModel(), record.responseModel(), record.operation().key(),
				record.stream(), record.status(), record.outcome().key(), record.errorCode(), record.error(),
				record.attempts().stream().map(Attempt::of).toList(), record.bytesIn(), record.bytesOut(),
				record.queueMs(), record.firstChunkMs(), record.totalMs(), record.tokens().input(),
				record.tokens().output(), record.tokens().cached(), record.tokens().cacheWritten(),
				record.tokens().reasoning(), record.usageSource().key(), plain(record.cost()), record.end().key(),
				record.traceId(), record.clientAddress(), Body.of(request), Body.of(response));
	}

	/** Without zeros at the end, and never with an exponent. */
	private static @Nullable BigDecimal plain(@Nullable BigDecimal cost) {
		if (cost == null) {
			return null;
		}
		BigDecimal stripped = cost.stripTrailingZeros();
		return (stripped.scale() < 0) ? stripped.setScale(0) : stripped;
	}

	/** A row of comma-separated values, with the number of attempts. */
	static String row(RequestRecord record) {
		RecordBody body = of(record, null, null);
		BigDecimal cost = body.cost();
		return Csv.row(body.id(), body.time(), body.provider(), body.group(), body.member(), body.accessKey(),
				body.providerKey(), body.upstream(), body.requestedModel(), body.upstreamModel(), body.responseModel(),
				body.operation(), body.stream(), body.status(), body.outcome(), body.errorCode(), body.error(),
				body.attempts().size(), body.bytesIn(), body.bytesOut(), body.queueMs(), body.firstChunkMs(),
				body.totalMs(), body.inputTokens(), body.outputTokens(), body.cachedTokens(), body.cacheWrittenTokens(),
				body.reasoningTokens(), body.usageSource(), (cost != null) ? cost.toPlainString() : null, body.end(),
				body.traceId(), body.clientAddress());
	}

	/** An attempt as the API shows it. */
	@Schema(name = "RecordAttempt")
	record Attempt(int number, @Nullable String member, String providerKey, long providerKeyId, String upstream,
			@Nullable Integer status, String outcome, long startMs, @Nullable Long headMs, @Nullable String error) {

		static Attempt of(AttemptRecord attempt) {
			return new Attempt(attempt.number(), attempt.member(), attempt.providerKey(), attempt.providerKeyId(),
					attempt.upstream(), attempt.status(), attempt.outcome().key(), attempt.startMs(), attempt.headMs(),
					attempt.error());
		}

	}

	/**
	 * The beginning of a body: as text, or in base 64 if it is none.
	 *
	 * @param contentType its media type, empty if none was named
	 * @param truncated whether it went on
	 * @param text the text
	 * @param base64 what is no text
	 */
	@Schema(name = "RecordedBody")
	record Body(String contentType, boolean truncated, @Nullable String text, @Nullable String base64) {

		static @Nullable Body of(@Nullable RecordedBody body) {
			if (body == null) {
				return null;
			}
			String text = text(body);
			return new Body(body.contentType(), body.truncated(), text,
					(text != null) ? null : Base64.getEncoder().encodeToString(body.bytes()));
		}

		/** A character that the end cuts in two does not make it something else. */
		private static @Nullable String text(RecordedBody body) {
			ByteBuffer bytes = ByteBuffer.wrap(body.bytes());
			CharBuffer text = CharBuffer.allocate(bytes.remaining());
			CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(bytes, text, !body.truncated());
			return result.isError() ? null : text.flip().toString();
		}

	}

}
