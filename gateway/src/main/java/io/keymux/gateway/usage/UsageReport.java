package io.keymux.gateway.usage;

import java.time.Instant;
import java.util.List;

/**
 * Usage within a span.
 *
 * @param from begin of the span, as exact as is known that far back
 * @param to its end
 * @param rows what was used, by time and then by requests; none for what was not
 */
public record UsageReport(Instant from, Instant to, List<UsageRow> rows) {

	public UsageReport {
		rows = List.copyOf(rows);
	}

}
