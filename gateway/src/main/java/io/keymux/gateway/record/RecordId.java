package io.keymux.gateway.record;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/** Ids of records as the database has them: 16 bytes, the first six the time. */
final class RecordId {

	private static final int BYTES = 16;

	private static final int DIGITS = 32;

	private static final int TIME_DIGITS = 12;

	private static final long DAY = 86_400_000;

	private RecordId() {
	}

	static byte[] bytes(String id) {
		return HexFormat.of().parseHex(id);
	}

	static String text(byte[] id) {
		return HexFormat.of().formatHex(id);
	}

	static boolean valid(@Nullable String id) {
		return id != null && id.length() == DIGITS && id.chars().allMatch((c) -> HexFormat.isHexDigit(c));
	}

	static Instant time(String id) {
		return Instant.ofEpochMilli(HexFormat.fromHexDigitsToLong(id, 0, TIME_DIGITS));
	}

	/** The smallest id of a moment. */
	static byte[] first(Instant time) {
		byte[] id = new byte[BYTES];
		long millis = Math.clamp(time.toEpochMilli(), 0, (1L << 48) - 1);
		for (int i = 5; i >= 0; i--) {
			id[i] = (byte) millis;
			millis >>= 8;
		}
		return id;
	}

	/** Greater than any. */
	static byte[] last() {
		byte[] id = new byte[BYTES];
		Arrays.fill(id, (byte) 0xff);
		return id;
	}

	static int day(Instant time) {
		return (int) Math.floorDiv(time.toEpochMilli(), DAY);
	}

	static Instant startOfDay(int day) {
		return Instant.ofEpochMilli(day * DAY);
	}

	/** The day an id says, whatever stands in it. */
	static int day(byte[] id) {
		return (int) Math.min(Integer.MAX_VALUE, HexFormat.fromHexDigitsToLong(text(id), 0, TIME_DIGITS) / DAY);
	}

}
