package io.keymux.gateway.gptload;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * gpt-load's failover_status_codes in the words of {@code retry-on}.
 *
 * @param value the value of retry-on
 * @param below whether codes below 400 were named, which Keymux does not retry
 */
record RetryCodes(String value, boolean below) {

	/** gpt-load's value when none is stored. */
	static final String BY_DEFAULT = "400-403,405-999";

	private static final int FIRST = 400;

	private static final int LAST = 599;

	private static final Pattern RANGE = Pattern.compile("(\\d{3})(?:\\s*-\\s*(\\d{3}))?");

	/**
	 * Reads a list such as {@code 400-403,429,500-999}. What gpt-load does besides, to
	 * retry when no answer comes, is added.
	 * @param text the list
	 * @return what Keymux is told
	 * @throws IllegalArgumentException if gpt-load would not read it either
	 */
	static RetryCodes of(String text) {
		List<String> entries = new ArrayList<>();
		boolean below = false;
		for (String entry : text.strip().split("[,\\n]", -1)) {
			if (entry.isBlank()) {
				continue;
			}
			Matcher range = RANGE.matcher(entry.strip());
			if (!range.matches()) {
				throw new IllegalArgumentException("no status and no range of statuses");
			}
			int from = Integer.parseInt(range.group(1));
			int to = (range.group(2) != null) ? Integer.parseInt(range.group(2)) : from;
			if (from < 100 || to < from) {
				throw new IllegalArgumentException("no status and no range of statuses");
			}
			below |= from < FIRST;
			add(entries, Math.max(from, FIRST), Math.min(to, LAST));
		}
		entries.add("connect");
		entries.add("timeout");
		return new RetryCodes(String.join(",", entries), below);
	}

	private static void add(List<String> entries, int from, int to) {
		if (from == to) {
			entries.add(String.valueOf(from));
		}
		else if (from < to) {
			entries.add(from + "-" + to);
		}
	}

}
