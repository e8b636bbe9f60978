package io.keymux.gateway.proxy;

import java.time.Duration;

import io.keymux.gateway.limit.Admission.Refused;
import io.keymux.gateway.limit.Demand;
import io.keymux.gateway.limit.Measure;
import io.keymux.gateway.provider.Refusal;
import io.keymux.gateway.record.RecordOutcome;
import io.keymux.gateway.record.RequestEnd;
import io.keymux.gateway.recording.OpenRecord;
import org.jspecify.annotations.Nullable;

/** A request the gateway answers itself; rendered in the provider's shape at the edge. */
final class ProxyProblem extends RuntimeException {

	private static final String UNREACHABLE = "upstream_unreachable";

	private static final String TIMED_OUT = "upstream_timeout";

	private static final String INCOMPLETE = "incomplete_body";

	private final transient Refusal refusal;

	private ProxyProblem(int status, String code, String message, @Nullable Duration retryAfter) {
		super(message, null, false, false);
		this.refusal = new Refusal(status, code, message, retryAfter);
	}

	Refusal refusal() {
		return this.refusal;
	}

	/** Tells the record of a request that this is its answer. */
	void tell(OpenRecord record) {
		if (this.refusal.code().equals(TIMED_OUT)) {
			record.ends(RequestEnd.TIMEOUT);
		}
		record.refused(this.refusal, outcome());
	}

	/** Whose doing it is. */
	RecordOutcome outcome() {
		return switch (this.refusal.code()) {
			case UNREACHABLE, TIMED_OUT -> RecordOutcome.UPSTREAM_FAILED;
			case INCOMPLETE -> RecordOutcome.CANCELLED;
			default -> RecordOutcome.REFUSED;
		};
	}

	static ProxyProblem invalidAccessKey() {
		return new ProxyProblem(401, "invalid_access_key",
				"No valid access key. Send one that the operator of this gateway gave you, where you would send the provider's key.",
				null);
	}

	static ProxyProblem accessDenied(String reason) {
		return new ProxyProblem(403, "access_denied", reason, null);
	}

	static ProxyProblem groupNotFound(String group) {
		return new ProxyProblem(404, "group_not_found", "There is no group '%s'.".formatted(group), null);
	}

	static ProxyProblem modelNotFound(String message) {
		return new ProxyProblem(400, "model_not_found", message, null);
	}

	static ProxyProblem invalidPath() {
		return new ProxyProblem(400, "invalid_path", "The path must not contain the segments '.' and '..'.", null);
	}

	static ProxyProblem bodyTooLarge(String setting, long bytes) {
		return new ProxyProblem(413, "body_too_large", "The body exceeds %s of %d bytes.".formatted(setting, bytes),
				null);
	}

	/**
	 * The caller broke off its own upload; nobody upstream is to blame, nobody reads
	 * this.
	 */
	static ProxyProblem incompleteBody() {
		return new ProxyProblem(400, INCOMPLETE, "The body ended before it was whole.", null);
	}

	/** A limit of the caller, or of the group it asked. */
	static ProxyProblem limited(Refused refused) {
		Demand by = refused.by();
		String whose = switch (by.subject().kind()) {
			case ACCESS_KEY -> "The access key";
			case GROUP -> "The group '%s'".formatted(by.subject().name());
			case MODEL -> "The model '%s'".formatted(by.subject().name());
			case PROVIDER_KEY -> "A provider key";
		};
		String what = switch (by.measure()) {
			case REQUESTS -> "is limited to %d requests a minute".formatted(by.limit());
			case TOKENS -> "is limited to %d tokens a minute".formatted(by.limit());
			case CONCURRENCY -> "is limited to %d requests at once".formatted(by.limit());
			case TOKEN_QUOTA -> "has a quota of %d tokens until %s".formatted(by.limit(), by.until());
			case COST_QUOTA ->
				"has a quota of $%s until %s".formatted(Demand.dollars(by.limit()).toPlainString(), by.until());
		};
		String code = by.measure().quota() ? "quota_exceeded"
				: (by.measure() == Measure.CONCURRENCY) ? "concurrency_limit_exceeded" : "rate_limit_exceeded";
		return new ProxyProblem(429, code, whose + " " + what + ".", refused.retryAfter().plusMillis(999));
	}

	static ProxyProblem keysAtLimit(String group, Duration retryAfter) {
		return new ProxyProblem(429, "rate_limit_exceeded",
				"All keys of group '%s' that could serve are at limits of their own.".formatted(group),
				retryAfter.plusMillis(999));
	}

	static ProxyProblem overloaded(int maxInFlight) {
		return new ProxyProblem(503, "overloaded",
				"This node works on %d requests already, which is its max-in-flight.".formatted(maxInFlight),
				Duration.ofSeconds(1));
	}

	static ProxyProblem keyPoolExhausted(String group, @Nullable Duration retryAfter) {
		return new ProxyProblem(503, "key_pool_exhausted", "Group '%s' has no available key.".formatted(group),
				retryAfter);
	}

	/** The log and the health of this node say more to the operator. */
	static ProxyProblem secretsUnreadable(String group) {
		return new ProxyProblem(503, "secrets_unreadable",
				"This node cannot read the secrets of group '%s'.".formatted(group), null);
	}

	static ProxyProblem noUpstream(String group) {
		return new ProxyProblem(503, "overloaded", "Group '%s' has no upstream with a weight.".formatted(group),
				Duration.ofSeconds(30));
	}

	static ProxyProblem unreachable(String reason) {
		return new ProxyProblem(502, UNREACHABLE, "The upstream could not be reached: %s.".formatted(reason), null);
	}

	static ProxyProblem timeout(String setting, Duration value) {
		return new ProxyProblem(504, TIMED_OUT,
				"The upstream took longer than %s of %s.".formatted(setting, print(value)), null);
	}

	static ProxyProblem internal() {
		return new ProxyProblem(500, "internal_error", "The gateway failed; its log tells more under this request id.",
				null);
	}

	private static String print(Duration value) {
		return (value.toMillisPart() == 0) ? value.toSeconds() + "s" : value.toMillis() + "ms";
	}

}
