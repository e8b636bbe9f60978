package io.keymux.gateway.group;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.crypto.Resealing;
import io.keymux.gateway.crypto.SealedSecrets;
import io.keymux.gateway.crypto.SecretCipher;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Sealed text inside a JSON column of the groups. Sealing it anew is no change of a
 * group: its version stays. Nodes read it again all the same.
 */
final class SealedGroupColumn implements SealedSecrets {

	private final String kind;

	private final String column;

	private final Content content;

	private final GroupTables tables;

	private final JdbcClient jdbc;

	private final ChangeBus changes;

	private final SecretCipher cipher;

	SealedGroupColumn(String kind, String column, Content content, GroupTables tables, JdbcClient jdbc,
			ChangeBus changes, SecretCipher cipher) {
		this.kind = kind;
		this.column = column;
		this.content = content;
		this.tables = tables;
		this.jdbc = jdbc;
		this.changes = changes;
		this.cipher = cipher;
	}

	@Override
	public String kind() {
		return this.kind;
	}

	@Override
	public Map<String, Long> countByKey() {
		Map<String, Long> counts = new TreeMap<>();
		this.jdbc.sql("select %s from keymux_group".formatted(this.column))
			.query(String.class)
			.list()
			.forEach((text) -> this.content.count(text, (keyId) -> counts.merge(keyId, 1L, Long::sum)));
		return counts;
	}

	@Override
	public Batch resealNext(@Nullable String after, int limit) {
		return this.changes.write(() -> {
			this.tables.lock();
			return reseal((after != null) ? Long.parseLong(after) : Long.MIN_VALUE, limit);
		});
	}

	/** Writers of groups take turns, so that nobody changes the rows meanwhile. */
	private Batch reseal(long after, int limit) {
		List<Row> rows = this.jdbc
			.sql("select id, name, %s from keymux_group where id > ? order by id limit ?".formatted(this.column))
			.params(after, limit)
			.query((row, _) -> new Row(row.getLong(1), row.getString(2), row.getString(3)))
			.list();
		Resealing resealing = this.cipher.resealing();
		for (Row row : rows) {
			String resealed = this.content.reseal(row.name(), row.content(), resealing);
			if (!resealed.equals(row.content())) {
				this.jdbc.sql("update keymux_group set %s = ? where id = ?".formatted(this.column))
					.params(resealed, row.id())
					.update();
			}
		}
		if (resealing.resealed() > 0) {
			this.tables.nextRevision();
			this.changes.announce(new GroupsChanged());
		}
		String next = (rows.size() == limit) ? Long.toString(rows.getLast().id()) : null;
		return new Batch(next, resealing.resealed(), resealing.unreadable());
	}

	/** What the column holds. */
	interface Content {

		/** Seals what is secret anew. */
		String reseal(String group, String content, Resealing resealing);

		/** Names the key of each secret. */
		void count(String content, Consumer<String> keyIds);

	}

	private record Row(long id, String name, String content) {

		@Override
		public String toString() {
			return "Row[id=" + this.id + "]";
		}

	}

}
