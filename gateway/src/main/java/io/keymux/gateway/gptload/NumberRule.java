package io.keymux.gateway.gptload;

import java.math.BigDecimal;
import java.util.List;

import io.keymux.gateway.setting.Setting;
import org.jspecify.annotations.Nullable;

/**
 * A setting of gpt-load that is a number, and the setting of Keymux it becomes.
 *
 * @param theirs name in gpt-load
 * @param ours setting in Keymux
 * @param byDefault value in gpt-load when none is stored
 * @param added what is added to their number to get ours
 * @param unit unit of our value, such as s; empty for a count
 * @param min smallest number Keymux takes
 * @param max largest number Keymux takes
 */
record NumberRule(String theirs, Setting ours, long byDefault, long added, String unit, long min, long max) {

	static final NumberRule WHOLE = new NumberRule("request_timeout", Setting.RESPONSE_TIMEOUT, 600, 0, "s", 1, 86400);

	static final NumberRule HEAD = new NumberRule("response_header_timeout", Setting.RESPONSE_TIMEOUT, 600, 0, "s", 1,
			86400);

	static final NumberRule RETENTION = new NumberRule("request_log_retention_days", Setting.RECORD_RETENTION, 7, 0,
			"d", 1, 3650);

	static final List<NumberRule> OTHERS = List.of(
			new NumberRule("connect_timeout", Setting.CONNECT_TIMEOUT, 15, 0, "s", 1, 300),
			new NumberRule("max_retries", Setting.MAX_ATTEMPTS, 3, 1, "", 1, 100),
			new NumberRule("blacklist_threshold", Setting.EJECTION_THRESHOLD, 3, 0, "", 0, 1000),
			new NumberRule("key_validation_interval_minutes", Setting.PROBE_INTERVAL, 60, 0, "m", 1, 60),
			new NumberRule("key_validation_concurrency", Setting.PROBE_CONCURRENCY, 10, 0, "", 1, 1000),
			new NumberRule("key_validation_timeout_seconds", Setting.PROBE_TIMEOUT, 20, 0, "s", 1, 600));

	/**
	 * Reads their number.
	 * @param text as stored
	 * @return the number, or null if it is none
	 */
	static @Nullable Long number(String text) {
		try {
			return new BigDecimal(text.strip()).longValueExact();
		}
		catch (NumberFormatException | ArithmeticException ex) {
			return null;
		}
	}

	/** Our value of their number, within Keymux's bounds. */
	String value(long number, String where, Findings findings) {
		long wanted = (number > Long.MAX_VALUE - this.added) ? Long.MAX_VALUE : number + this.added;
		long clamped = Math.clamp(wanted, this.min, this.max);
		String value = clamped + this.unit;
		if (clamped != wanted) {
			findings.changed(where, "%s %d became %s %s".formatted(this.theirs, number, this.ours.key(), value),
					"Keymux takes %d%s to %d%s".formatted(this.min, this.unit, this.max, this.unit));
		}
		return value;
	}

}
