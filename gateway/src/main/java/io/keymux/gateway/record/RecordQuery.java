package io.keymux.gateway.record;

import java.time.Instant;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Which records are asked for; what is null does not matter.
 *
 * @param from earliest time of arrival
 * @param to time of arrival they are before
 * @param group group that was asked
 * @param accessKey name of the caller's access key
 * @param model {@link RequestRecord#model()}
 * @param providerKey identity of the provider key of the last attempt
 * @param status status of the answer; 4 and 5 stand for all of 4xx and 5xx
 * @param outcome outcome
 * @param stream whether a stream was asked for or answered
 * @param traceId W3C trace id
 * @param error text that the error contains, in any case
 */
public record RecordQuery(@Nullable Instant from, @Nullable Instant to, @Nullable String group,
		@Nullable String accessKey, @Nullable String model, @Nullable Long providerKey, @Nullable Integer status,
		@Nullable RecordOutcome outcome, @Nullable Boolean stream, @Nullable String traceId, @Nullable String error) {

	/**
	 * Whether a record is one of those asked for.
	 * @param record the record
	 * @return true if it keeps every condition
	 */
	public boolean matches(RequestRecord record) {
		AttemptRecord last = record.lastAttempt();
		return (this.from == null || !record.time().isBefore(this.from))
				&& (this.to == null || record.time().isBefore(this.to)) && equal(this.group, record.group())
				&& equal(this.accessKey, record.accessKey()) && equal(this.model, record.model())
				&& equal(this.providerKey, (last != null) ? last.providerKeyId() : null) && status(record.status())
				&& equal(this.outcome, record.outcome()) && equal(this.stream, record.stream())
				&& equal(this.traceId, record.traceId()) && contains(record.error());
	}

	private boolean status(@Nullable Integer actual) {
		if (this.status == null) {
			return true;
		}
		return actual != null && (actual.equals(this.status) || actual / 100 == this.status);
	}

	private boolean contains(@Nullable String actual) {
		return this.error == null
				|| (actual != null && actual.toLowerCase(Locale.ROOT).contains(this.error.toLowerCase(Locale.ROOT)));
	}

	private static boolean equal(@Nullable Object asked, @Nullable Object actual) {
		return asked == null || asked.equals(actual);
	}

}
