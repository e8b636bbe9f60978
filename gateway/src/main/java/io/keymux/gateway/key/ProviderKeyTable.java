package io.keymux.gateway.key;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import io.keymux.gateway.crypto.KeyHash;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.crypto.Sealer;
import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.crypto.Secrets;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads and writes the rows of provider keys, thousands at a time. */
@Component
class ProviderKeyTable {

	private static final int BATCH = 1000;

	private static final String LISTED = "select id, masked, enabled, weight, note, " + KeyStateColumns.NAMES
			+ " from keymux_provider_key where group_id = :groupId";

	private final JdbcClient jdbc;

	private final JdbcTemplate template;

	private final SecretCipher cipher;

	private final KeyedHasher hasher;

	private final InstantSource time;

	ProviderKeyTable(JdbcClient jdbc, JdbcTemplate template, SecretCipher cipher, KeyedHasher hasher,
			InstantSource time) {
		this.jdbc = jdbc;
		this.template = template;
		this.cipher = cipher;
		this.hasher = hasher;
		this.time = time;
	}

	/** Makes writers of one group's keys take turns until the end of the transaction. */
	void lock(long groupId) {
		this.jdbc.sql("select id from keymux_group where id = ? for update").param(groupId).query(Long.class).list();
	}

	long count(long groupId) {
		return this.jdbc.sql("select count(*) from keymux_provider_key where group_id = ?")
			.param(groupId)
			.query(Long.class)
			.single();
	}

	/** Inserts the keys that are not there yet and answers how many those were. */
	int insert(long groupId, Map<KeyHash, NewKey> keys) {
		Map<KeyHash, NewKey> absent = new LinkedHashMap<>(keys);
		findAllHashed(groupId, keys.keySet()).forEach((present) -> absent.remove(present.hash()));
		return absent.isEmpty() ? 0 : insert(groupId, absent, this.cipher.sealer());
	}

	private int insert(long groupId, Map<KeyHash, NewKey> keys, Sealer sealer) {
		LocalDateTime now = KeyStateColumns.utc(this.time.instant());
		int added = 0;
		for (List<Map.Entry<KeyHash, NewKey>> batch : batches(List.copyOf(keys.entrySet()))) {
			List<@Nullable Object> values = new ArrayList<>(batch.size() * 8);
			for (Map.Entry<KeyHash, NewKey> entry : batch) {
				String hash = entry.getKey().text();
				NewKey key = entry.getValue();
				Collections.addAll(values, groupId, sealer.seal(key.secret(), hash), hash, Secrets.mask(key.secret()),
						key.weight(), key.note(), key.enabled(), now);
			}
			added += this.template.update(
					"insert ignore into keymux_provider_key "
							+ "(group_id, secret, secret_hash, masked, weight, note, enabled, created_at) values "
							+ String.join(", ", Collections.nCopies(batch.size(), "(?, ?, ?, ?, ?, ?, ?, ?)")),
					values.toArray());
		}
		return added;
	}

	/** The keys of a group that have one of the hashes. */
	List<Hashed> findAllHashed(long groupId, Collection<KeyHash> hashes) {
		return eachBatch(hashes,
				(batch) -> this.jdbc
					.sql("select id, secret_hash, enabled, weight, note from keymux_provider_key "
							+ "where group_id = :groupId and secret_hash in (:hashes)")
					.param("groupId", groupId)
					.param("hashes", batch.stream().map(KeyHash::text).toList())
					.query((row, _) -> new Hashed(row.getLong("id"), KeyHash.parse(row.getString("secret_hash")),
							new KeyEdit(row.getBoolean("enabled"), row.getInt("weight"), row.getString("note"))))
					.list());
	}

	ProviderKeyStore.StoredKeys readAll(long groupId) {
		KeyReader reader = new KeyReader(this.cipher);
		this.jdbc.sql(KeyReader.select("")).param("groupId", groupId).query(reader);
		return reader.keys();
	}

	ProviderKeyStore.StoredKeys read(long groupId, Collection<Long> ids) {
		KeyReader reader = new KeyReader(this.cipher);
		for (List<Long> batch : batches(List.copyOf(ids))) {
			this.jdbc.sql(KeyReader.select(" and id in (:ids)"))
				.param("groupId", groupId)
				.param("ids", batch)
				.query(reader);
		}
		return reader.keys();
	}

	Optional<ProviderKey> find(long groupId, long id) {
		return this.jdbc.sql(LISTED + " and id = :id")
			.param("groupId", groupId)
			.param("id", id)
			.query(ProviderKeyTable::listedKey)
			.optional();
	}

	List<ProviderKey> page(long groupId, KeyQuery query) {
		Where where = where(groupId, query);
		return this.jdbc.sql(LISTED + where.condition() + " order by id limit :size offset :offset")
			.params(where.values())
			.param("size", query.size())
			.param("offset", query.offset())
			.query(ProviderKeyTable::listedKey)
			.list();
	}

	long count(long groupId, KeyQuery query) {
		Where where = where(groupId, query);
		return this.jdbc.sql("select count(*) from keymux_provider_key where group_id = :groupId" + where.condition())
			.params(where.values())
			.query(Long.class)
			.single();
	}

	/** The ids of a query's keys, with what decides their condition. */
	List<Health> healths(long groupId, KeyQuery query) {
		Where where = where(groupId, query);
		return this.jdbc
			.sql("select id, enabled, status, status_until, probes from keymux_provider_key where group_id = :groupId"
					+ where.condition() + " order by id")
			.params(where.values())
			.query((row, _) -> new Health(row.getLong("id"), row.getBoolean("enabled"), KeyStateColumns.status(row)))
			.list();
	}

	List<ProviderKey> findAll(long groupId, Collection<Long> ids) {
		return eachBatch(ids,
				(batch) -> this.jdbc.sql(LISTED + " and id in (:ids) order by id")
					.param("groupId", groupId)
					.param("ids", batch)
					.query(ProviderKeyTable::listedKey)
					.list());
	}

	void update(long id, KeyEdit edit) {
		this.jdbc.sql("update keymux_provider_key set enabled = ?, weight = ?, note = ? where id = ?")
			.param(edit.enabled())
			.param(edit.weight())
			.param(edit.note())
			.param(id)
			.update();
	}

	/** Deletes keys, one batch at most, and answers how many those were. */
	int delete(long groupId, Collection<Long> ids) {
		return this.jdbc.sql("delete from keymux_provider_key where group_id = :groupId and id in (:ids)")
			.param("groupId", groupId)
			.param("ids", ids)
			.update();
	}

	/** Lets keys take turns or not, one batch at most, and answers how many changed. */
	int enable(long groupId, Collection<Long> ids, boolean enabled) {
		return this.jdbc
			.sql("update keymux_provider_key set enabled = :enabled "
					+ "where group_id = :groupId and id in (:ids) and enabled <> :enabled")
			.param("enabled", enabled)
			.param("groupId", groupId)
			.param("ids", ids)
			.update();
	}

	/** Copies keys into another group, where nothing speaks against them yet. */
	int copy(long fromGroupId, long toGroupId, Collection<Long> ids) {
		LocalDateTime now = KeyStateColumns.utc(this.time.instant());
		int copied = 0;
		for (List<Long> batch : batches(List.copyOf(ids))) {
			copied += this.jdbc
				.sql("insert into keymux_provider_key "
						+ "(group_id, secret, secret_hash, masked, enabled, weight, note, created_at) "
						+ "select :toGroupId, secret, secret_hash, masked, enabled, weight, note, :now "
						+ "from keymux_provider_key where group_id = :fromGroupId and id in (:ids) order by id")
				.param("toGroupId", toGroupId)
				.param("fromGroupId", fromGroupId)
				.param("now", now)
				.param("ids", batch)
				.update();
		}
		return copied;
	}

	/** Forgets what spoke against the keys and answers which of them exist. */
	List<Long> restore(long groupId, Collection<Long> ids) {
		return eachBatch(ids, (batch) -> {
			this.jdbc
				.sql("update keymux_provider_key set status = 'active', status_until = null, probes = 0, failures = 0 "
						+ "where group_id = :groupId and id in (:ids)")
				.param("groupId", groupId)
				.param("ids", batch)
				.update();
			return this.jdbc.sql("select id from keymux_provider_key where group_id = :groupId and id in (:ids)")
				.param("groupId", groupId)
				.param("ids", batch)
				.query(Long.class)
				.list();
		});
	}

	/**
	 * Rows are locked in the order of their ids, so that two nodes cannot wait for each
	 * other.
	 */
	void writeStates(Map<Long, KeyState> states) {
		String assignments = KeyStateColumns.NAMES.replace(",", " = ?,") + " = ?";
		List<Map.Entry<Long, KeyState>> sorted = states.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
		this.template.batchUpdate("update keymux_provider_key set " + assignments + " where id = ?", sorted, BATCH,
				(statement, entry) -> {
					int index = 1;
					for (Object value : KeyStateColumns.values(entry.getValue())) {
						statement.setObject(index++, value);
					}
					statement.setLong(index, entry.getKey());
				});
	}

	private static ProviderKey listedKey(ResultSet row, int number) throws SQLException {
		return new ProviderKey(row.getLong("id"), row.getString("masked"), row.getBoolean("enabled"),
				row.getInt("weight"), row.getString("note"), KeyStateColumns.read(row));
	}

	private Where where(long groupId, KeyQuery query) {
		StringBuilder condition = new StringBuilder();
		Map<String, Object> values = new HashMap<>(Map.of("groupId", groupId));
		String text = query.text();
		if (text != null) {
			condition.append(" and (lower(masked) like :text escape '!' or lower(note) like :text escape '!')");
			values.put("text", "%" + text.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%");
		}
		String secret = query.secret();
		if (secret != null) {
			condition.append(" and secret_hash = :hash");
			values.put("hash", this.hasher.hash(secret).text());
		}
		return new Where(condition.toString(), values);
	}

	private static <T> List<List<T>> batches(List<T> all) {
		List<List<T>> batches = new ArrayList<>();
		for (int from = 0; from < all.size(); from += BATCH) {
			batches.add(all.subList(from, Math.min(from + BATCH, all.size())));
		}
		return batches;
	}

	private static <I, T> List<T> eachBatch(Collection<I> ids, Function<List<I>, List<T>> read) {
		List<T> found = new ArrayList<>();
		batches(List.copyOf(ids)).forEach((batch) -> found.addAll(read.apply(batch)));
		return found;
	}

	/** What decides a key's condition, as stored. */
	record Health(long id, boolean enabled, KeyStatus status) {
	}

	/** A key found by its hash, with what an operator may change of it. */
	record Hashed(long id, KeyHash hash, KeyEdit edit) {
	}

	private record Where(String condition, Map<String, Object> values) {
	}

}
