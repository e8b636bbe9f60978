package io.keymux.gateway.record;

import java.util.Map;

import io.keymux.gateway.crypto.SealedColumn;
import io.keymux.gateway.crypto.SealedSecrets;
import io.keymux.gateway.crypto.SecretCipher;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Recorded bodies, for whoever changes the encryption key. */
@Component
class BodyEncryption implements SealedSecrets {

	/** A body may have 64 KB. */
	private static final int MAX_BATCH = 50;

	private final SealedSecrets column;

	BodyEncryption(SecretCipher cipher, JdbcTemplate jdbc, PlatformTransactionManager transactionManager) {
		this.column = new SealedColumn("recorded-body",
				new SealedColumn.Columns("keymux_record_body", "id", "body", "record_id"), cipher, jdbc,
				transactionManager);
	}

	@Override
	public String kind() {
		return this.column.kind();
	}

	@Override
	public Map<String, Long> countByKey() {
		return this.column.countByKey();
	}

	@Override
	public Batch resealNext(@Nullable String after, int limit) {
		return this.column.resealNext(after, Math.min(limit, MAX_BATCH));
	}

}
