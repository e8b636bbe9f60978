package io.keymux.gateway.key;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

/** How a {@link KeyState} lies in the columns of a provider key. */
final class KeyStateColumns {

	static final String NAMES = "status, status_until, probes, failures, last_error, last_error_at, last_used_at, requests";

	private static final int MAX_ERROR = 500;

	private KeyStateColumns() {
	}

	static KeyState read(ResultSet row) throws SQLException {
		return new KeyState(status(row), row.getInt("failures"), row.getString("last_error"),
				instant(row, "last_error_at"), instant(row, "last_used_at"), row.getLong("requests"));
	}

	static KeyStatus status(ResultSet row) throws SQLException {
		Instant until = instant(row, "status_until");
		Instant known = (until != null) ? until : Instant.EPOCH;
		return switch (row.getString("status")) {
			case "cooling" -> new KeyStatus.Cooling(known);
			case "ejected" -> new KeyStatus.Ejected(known, row.getInt("probes"));
			default -> new KeyStatus.Active();
		};
	}

	/** The values of {@link #NAMES}, in their order. */
	static @Nullable Object[] values(KeyState state) {
		String error = state.lastError();
		return new @Nullable Object[] { name(state.status()), utcOrNull(until(state.status())), probes(state.status()),
				state.failures(), (error != null && error.length() > MAX_ERROR) ? error.substring(0, MAX_ERROR) : error,
				utcOrNull(state.lastErrorAt()), utcOrNull(state.lastUsedAt()), state.requests() };
	}

	static LocalDateTime utc(Instant instant) {
		return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
	}

	private static @Nullable LocalDateTime utcOrNull(@Nullable Instant instant) {
		return (instant != null) ? utc(instant) : null;
	}

	private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
		LocalDateTime time = row.getObject(column, LocalDateTime.class);
		return (time != null) ? time.toInstant(ZoneOffset.UTC) : null;
	}

	private static String name(KeyStatus status) {
		return switch (status) {
			case KeyStatus.Active _ -> "active";
			case KeyStatus.Cooling _ -> "cooling";
			case KeyStatus.Ejected _ -> "ejected";
		};
	}

	private static @Nullable Instant until(KeyStatus status) {
		return switch (status) {
			case KeyStatus.Active _ -> null;
			case KeyStatus.Cooling(Instant until) -> until;
			case KeyStatus.Ejected(Instant nextProbe, int _) -> nextProbe;
		};
	}

	private static int probes(KeyStatus status) {
		return (status instanceof KeyStatus.Ejected(Instant _, int probes)) ? probes : 0;
	}

}
