package io.keymux.gateway.crypto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Sealed text in a column of its own, in a table whose rows have a number. */
public final class SealedColumn implements SealedSecrets {

	private final String kind;

	private final Columns columns;

	private final SecretCipher cipher;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	/**
	 * Describes a column.
	 * @param kind name of these secrets in the API
	 * @param columns where they are
	 * @param cipher seals them
	 * @param jdbc reads and writes them
	 * @param transactionManager keeps a batch together
	 */
	public SealedColumn(String kind, Columns columns, SecretCipher cipher, JdbcTemplate jdbc,
			PlatformTransactionManager transactionManager) {
		this.kind = kind;
		this.columns = columns;
		this.cipher = cipher;
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public String kind() {
		return this.kind;
	}

	@Override
	public Map<String, Long> countByKey() {
		Map<String, Long> counts = new TreeMap<>();
		this.jdbc.query(this.columns.sql("""
				select key_id, count(*) from (select case when {secret} like 'plain:%' then 'plain'
				else substring({secret}, 6, 8) end as key_id from {table} where {secret} is not null) sealed
				group by key_id"""), (row) -> {
			counts.put(row.getString(1), row.getLong(2));
		});
		return counts;
	}

	@Override
	public Batch resealNext(@Nullable String after, int limit) {
		return Objects.requireNonNull(this.transaction
			.execute((_) -> reseal((after != null) ? Long.parseLong(after) : Long.MIN_VALUE, limit)));
	}

	private Batch reseal(long after, int limit) {
		List<Row> rows = this.jdbc.query(
				this.columns.sql("select {id}, {secret}, {context} from {table} where {id} > ? and {secret} not like ? "
						+ "order by {id} limit ?"),
				(row, _) -> new Row(row.getLong(1), row.getString(2), row.getString(3)), after,
				this.cipher.presentPrefix() + "%", limit);
		Resealing resealing = this.cipher.resealing();
		List<Object[]> updates = new ArrayList<>();
		for (Row row : rows) {
			String resealed = resealing.reseal(row.secret(), row.context());
			if (!resealed.equals(row.secret())) {
				updates.add(new Object[] { resealed, row.id(), row.secret() });
			}
		}
		int[] updated = this.jdbc
			.batchUpdate(this.columns.sql("update {table} set {secret} = ? where {id} = ? and {secret} = ?"), updates);
		String next = (rows.size() == limit) ? Long.toString(rows.getLast().id()) : null;
		return new Batch(next, Arrays.stream(updated).map((count) -> (count != 0) ? 1 : 0).sum(),
				resealing.unreadable());
	}

	/**
	 * Where sealed text is.
	 *
	 * @param table the table
	 * @param id column with the number of a row
	 * @param secret column with the sealed text
	 * @param context column, or expression, with what the text belongs to
	 */
	public record Columns(String table, String id, String secret, String context) {

		String sql(String template) {
			return template.replace("{table}", this.table)
				.replace("{id}", this.id)
				.replace("{secret}", this.secret)
				.replace("{context}", this.context);
		}

	}

	private record Row(long id, String secret, String context) {

		@Override
		public String toString() {
			return "Row[id=" + this.id + "]";
		}

	}

}
