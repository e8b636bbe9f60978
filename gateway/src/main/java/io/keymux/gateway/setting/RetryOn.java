package io.keymux.gateway.setting;

import java.util.BitSet;

/** What allows another attempt of a request: statuses and kinds of transport failure. */
public final class RetryOn {

	private final BitSet statuses;

	private final boolean connect;

	private final boolean timeout;

	private RetryOn(BitSet statuses, boolean connect, boolean timeout) {
		this.statuses = statuses;
		this.connect = connect;
		this.timeout = timeout;
	}

	/**
	 * Reads a list such as {@code 429,500-599,connect}.
	 * @param text the list; empty allows nothing
	 * @return what it allows
	 * @throws IllegalArgumentException naming the entry that cannot be read
	 */
	public static RetryOn parse(String text) {
		BitSet statuses = new BitSet(600);
		boolean connect = false;
		boolean timeout = false;
		for (String entry : text.split(",", -1)) {
			switch (entry.strip()) {
				case "" -> {
				}
				case "connect" -> connect = true;
				case "timeout" -> timeout = true;
				default -> addRange(statuses, entry.strip());
			}
		}
		return new RetryOn(statuses, connect, timeout);
	}

	private static void addRange(BitSet statuses, String entry) {
		String[] ends = entry.split("-", 2);
		try {
			int from = Integer.parseInt(ends[0]);
			int to = Integer.parseInt(ends[ends.length - 1]);
			if (from >= 400 && from <= to && to <= 599) {
				statuses.set(from, to + 1);
				return;
			}
		}
		catch (NumberFormatException ex) {
			// answered below with the same words
		}
		throw SettingParser.bad(entry, "statuses from 400 to 599, ranges of them, connect or timeout");
	}

	public boolean status(int status) {
		return this.statuses.get(status);
	}

	/**
	 * Whether a connection that was refused, reset or never opened allows another
	 * attempt.
	 * @return true if it does
	 */
	public boolean connect() {
		return this.connect;
	}

	public boolean timeout() {
		return this.timeout;
	}

}
