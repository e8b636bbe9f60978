package io.keymux.gateway.bulk;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.keymux.gateway.crypto.Resealing;
import io.keymux.gateway.crypto.SealedSecrets;
import io.keymux.gateway.crypto.SecretCipher;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Pieces of uploads that an import has not added yet. */
@Component
class SealedPieces implements SealedSecrets {

	/** A piece holds a thousand keys. */
	private static final int MAX_BATCH = 20;

	private final JdbcClient jdbc;

	private final SecretCipher cipher;

	private final TransactionTemplate transaction;

	SealedPieces(JdbcClient jdbc, SecretCipher cipher, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.cipher = cipher;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public String kind() {
		return "key-import";
	}

	@Override
	public Map<String, Long> countByKey() {
		Map<String, Long> counts = new TreeMap<>();
		this.jdbc.sql("select substring(secrets, 1, 13) from keymux_key_import")
			.query(String.class)
			.list()
			.forEach((start) -> counts.merge(SecretCipher.keyId(start + ":"), 1L, Long::sum));
		return counts;
	}

	@Override
	public Batch resealNext(@Nullable String after, int limit) {
		return this.transaction.execute((_) -> reseal((after != null) ? after : "", Math.min(limit, MAX_BATCH)));
	}

	private Batch reseal(String after, int limit) {
		int slash = after.indexOf('/');
		String upload = (slash > 0) ? after.substring(0, slash) : "";
		List<Row> rows = this.jdbc.sql("select upload, piece, secrets from keymux_key_import "
				+ "where upload > :upload or (upload = :upload and piece > :piece) order by upload, piece limit :limit")
			.param("upload", upload)
			.param("piece", (slash > 0) ? Integer.parseInt(after.substring(slash + 1)) : -1)
			.param("limit", limit)
			.query((row, _) -> new Row(row.getString(1), row.getInt(2), row.getString(3)))
			.list();
		Resealing resealing = this.cipher.resealing();
		for (Row row : rows) {
			String resealed = resealing.reseal(row.secrets(), row.context());
			if (!resealed.equals(row.secrets())) {
				this.jdbc.sql("update keymux_key_import set secrets = ? where upload = ? and piece = ?")
					.params(resealed, row.upload(), row.piece())
					.update();
			}
		}
		return new Batch((rows.size() == limit) ? rows.getLast().context() : null, resealing.resealed(),
				resealing.unreadable());
	}

	private record Row(String upload, int piece, String secrets) {

		String context() {
			return KeyPieces.context(this.upload, this.piece);
		}

		@Override
		public String toString() {
			return "Row[upload=" + this.upload + ", piece=" + this.piece + "]";
		}

	}

}
