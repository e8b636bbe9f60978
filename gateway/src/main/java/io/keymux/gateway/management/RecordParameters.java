package io.keymux.gateway.management;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.record.RecordOutcome;
import io.keymux.gateway.record.RecordQuery;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Which records are asked for, as the query of a request says it.
 *
 * @param from earliest time
 * @param to time they are before
 * @param group group that was asked
 * @param accessKey name of the access key
 * @param model model as it was sent
 * @param providerKey identity of the provider key
 * @param status a status, or all of a class
 * @param outcome an outcome
 * @param stream whether it was a stream
 * @param traceId W3C trace id
 * @param error text in the error
 */
record RecordParameters(@Parameter(schema = @Schema(format = "date-time")) @Nullable String from,
		@Parameter(schema = @Schema(format = "date-time")) @Nullable String to, @Nullable String group,
		@Nullable String accessKey, @Nullable String model, @Nullable Long providerKey,
		@Parameter(description = "such as 429 or 5xx") @Nullable String status, @Nullable String outcome,
		@Nullable Boolean stream, @Nullable String traceId, @Nullable String error) {

	private static final String OUTCOMES = Arrays.stream(RecordOutcome.values())
		.map(RecordOutcome::key)
		.collect(Collectors.joining(", "));

	/** Reads all of it, and tells all that is wrong at once. */
	RecordQuery query(@Nullable String after, int size, int maxSize) {
		FieldErrors errors = new FieldErrors();
		errors.check(size >= 1 && size <= maxSize, "size", "%d (expected: from 1 to %d)".formatted(size, maxSize));
		errors.check(after == null || after.matches("[0-9a-f]{32}"), "after",
				"'%s' (expected: id of a record, 32 hexadecimal digits)".formatted(after));
		errors.check(this.traceId == null || this.traceId.matches("[0-9a-f]{32}"), "traceId",
				"'%s' (expected: 32 hexadecimal digits)".formatted(this.traceId));
		RecordQuery query = new RecordQuery(time("from", this.from, errors), time("to", this.to, errors), this.group,
				this.accessKey, this.model, this.providerKey, status(errors), outcome(errors), this.stream,
				this.traceId, (this.error != null && !this.error.isEmpty()) ? this.error : null);
		errors.throwIfAny();
		return query;
	}

	private static @Nullable Instant time(String name, @Nullable String text, FieldErrors errors) {
		try {
			Instant time = (text != null) ? Instant.parse(text) : null;
			errors.checkTime(name, time);
			return time;
		}
		catch (DateTimeParseException ex) {
			errors.add(name, "'%s' (expected: a time such as 2030-01-31T12:00:00Z)".formatted(text));
			return null;
		}
	}

	private @Nullable Integer status(FieldErrors errors) {
		String text = this.status;
		if (text == null) {
			return null;
		}
		if (text.matches("[1-5]xx")) {
			return text.charAt(0) - '0';
		}
		if (text.matches("[1-5]\\d\\d")) {
			return Integer.parseInt(text);
		}
		errors.add("status", "'%s' (expected: a status such as 429, or a class such as 5xx)".formatted(text));
		return null;
	}

	private @Nullable RecordOutcome outcome(FieldErrors errors) {
		String text = this.outcome;
		if (text == null) {
			return null;
		}
		for (RecordOutcome each : RecordOutcome.values()) {
			if (each.key().equals(text.toLowerCase(Locale.ROOT))) {
				return each;
			}
		}
		errors.add("outcome", "'%s' (expected: one of %s)".formatted(text, OUTCOMES));
		return null;
	}

}
