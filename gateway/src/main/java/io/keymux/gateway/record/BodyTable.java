package io.keymux.gateway.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import io.keymux.gateway.crypto.Sealer;
import io.keymux.gateway.crypto.SecretCipher;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Recorded bodies, sealed as secrets are. */
@Component
class BodyTable {

	static final String REQUEST = "request";

	static final String RESPONSE = "response";

	private static final int MAX_NAME = 200;

	private final JdbcTemplate jdbc;

	private final SecretCipher cipher;

	BodyTable(JdbcTemplate jdbc, SecretCipher cipher) {
		this.jdbc = jdbc;
		this.cipher = cipher;
	}

	/**
	 * Adds bodies within the running transaction, those of a record once only.
	 */
	void insert(List<PendingRecord> batch) {
		List<Object[]> rows = new ArrayList<>();
		Sealer sealer = null;
		for (PendingRecord pending : batch) {
			if (pending.bodyBytes() > 0) {
				sealer = (sealer != null) ? sealer : this.cipher.sealer();
				add(rows, pending.record(), REQUEST, pending.request(), sealer);
				add(rows, pending.record(), RESPONSE, pending.response(), sealer);
			}
		}
		if (!rows.isEmpty()) {
			this.jdbc.batchUpdate("insert ignore into keymux_record_body "
					+ "(epoch_day, record_id, direction, content_type, truncated, body) values (?, ?, ?, ?, ?, ?)",
					rows);
		}
	}

	private static void add(List<Object[]> rows, RequestRecord record, String direction, @Nullable RecordedBody body,
			Sealer sealer) {
		if (body != null) {
			String type = body.contentType();
			rows.add(new Object[] { RecordId.day(record.time()), record.id(), direction,
					(type.length() > MAX_NAME) ? type.substring(0, MAX_NAME) : type, body.truncated(),
					sealer.seal(Base64.getEncoder().encodeToString(body.bytes()), record.id()) });
		}
	}

	/** A body, or null if it was not kept or this node cannot open it. */
	@Nullable RecordedBody find(String recordId, String direction) {
		return this.jdbc
			.query("select body, content_type, truncated from keymux_record_body where record_id = ? and direction = ?",
					(row, _) -> open(recordId, row.getString(1), row.getString(2), row.getBoolean(3)), recordId,
					direction)
			.stream()
			.findFirst()
			.orElse(null);
	}

	private RecordedBody open(String recordId, String sealed, String contentType, boolean truncated) {
		String opened = this.cipher.openOrNull(sealed, recordId);
		return (opened != null)
				? new RecordedBody(Base64.getDecoder().decode(opened.getBytes(StandardCharsets.US_ASCII)), contentType,
						truncated)
				: new RecordedBody(new byte[0], contentType, true);
	}

}
