package io.keymux.gateway.key;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;

import io.keymux.gateway.crypto.KeyHash;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.crypto.Sealer;
import io.keymux.gateway.crypto.SealingRefused;
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

	/** Up to here hashes are looked up one by one; beyond it all are read. */
	private static final int FEW = 50;

	private static final String LISTED = "select id, masked, enabled, weight, note, " + KeyStateColumns.NAMES
			+ " from keymux_provider_key";

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

	/** Counts the revision of a group's keys up; its row is locked until the commit. */
	long nextRevision(long groupId) {
		this.jdbc.sql("update keymux_group set key_revision = key_revision + 1 where id = ?").param(groupId).update();
		return revision(groupId);
	}

	long revision(long groupId) {
		return this.jdbc.sql("select key_revision from keymux_group where id = ?")
			.param(groupId)
			.query(Long.class)
			.optional()
			.orElse(0L);
	}

	Map<Long, Long> revisions() {
		Map<Long, Long> revisions = new HashMap<>();
		this.jdbc.sql("select id, key_revision from keymux_group").query((row) -> {
			revisions.put(row.getLong(1), row.getLong(2));
		});
		return revisions;
	}

	long count(long groupId) {
		return this.jdbc.sql("select count(*) from keymux_provider_key where group_id = ?")
			.param(groupId)
			.query(Long.class)
			.single();
	}

	/** Inserts the keys that are not there yet and answers how many those were. */
	int insert(long groupId, Map<KeyHash, NewKey> keys) {
		Sealer sealer;
		try {
			sealer = this.cipher.sealer();
		}
		catch (SealingRefused refused) {
			if (findAllHashed(groupId, keys.keySet()).size() == keys.size()) {
				return 0;
			}
			throw refused;
		}
		return insert(groupId, keys, sealer);
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

	/** The newest key of a group, or 0. */
	long lastId(long groupId) {
		return this.jdbc.sql("select coalesce(max(id), 0) from keymux_provider_key where group_id = ?")
			.param(groupId)
			.query(Long.class)
			.single();
	}

	List<Long> idsAfter(long groupId, long id) {
		return this.jdbc.sql("select id from keymux_provider_key where group_id = ? and id > ?")
			.params(groupId, id)
			.query((row, _) -> row.getLong("id"))
			.list();
	}

	/** The keys of a group that have one of the hashes. */
	List<Hashed> findAllHashed(long groupId, Set<KeyHash> hashes) {
		if (hashes.isEmpty()) {
			return List.of();
		}
		boolean few = hashes.size() <= FEW;
		JdbcClient.StatementSpec statement = this.jdbc
			.sql("select id, secret_hash, enabled, weight, note from keymux_provider_key where group_id = :groupId"
					+ (few ? " and secret_hash in (:hashes)" : ""))
			.param("groupId", groupId);
		return (few ? statement.param("hashes", hashes.stream().map(KeyHash::text).toList()) : statement)
			.query((row, _) -> new Hashed(row.getLong("id"), KeyHash.parse(row.getString("secret_hash")),
					new KeyEdit(row.getBoolean("enabled"), row.getInt("weight"), row.getString("note"))))
			.list()
			.stream()
			.filter((key) -> hashes.contains(key.hash()))
			.toList();
	}

	ProviderKeyStore.StoredKeys readAll(long groupId) {
		KeyReader reader = new KeyReader(this.cipher);
		this.jdbc.sql(KeyReader.SELECT + " where group_id = ? order by id").param(groupId).query(reader);
		return reader.keys();
	}

	ProviderKeyStore.StoredKeys read(long groupId, Collection<Long> ids) {
		KeyReader reader = new KeyReader(this.cipher);
		for (List<Long> batch : batches(own(groupId, ids))) {
			this.jdbc.sql(KeyReader.SELECT + " where id in (:ids) order by id").param("ids", batch).query(reader);
		}
		return reader.keys();
	}

	Optional<ProviderKey> find(long groupId, long id) {
		return this.jdbc.sql(LISTED + " where group_id = :groupId and id = :id")
			.param("groupId", groupId)
			.param("id", id)
			.query(ProviderKeyTable::listedKey)
			.optional();
	}

	List<ProviderKey> page(long groupId, KeyQuery query) {
		Where where = where(groupId, query);
		return this.jdbc
			.sql(LISTED + " where group_id = :groupId" + where.condition() + " order by id limit :size offset :offset")
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
		return eachBatch(own(groupId, ids),
				(batch) -> this.jdbc.sql(LISTED + " where id in (:ids) order by id")
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

	/** Deletes keys and answers how many there were. */
	int delete(long groupId, Collection<Long> ids) {
		return eachOwn(groupId, ids,
				(batch) -> this.jdbc.sql("delete from keymux_provider_key where id in (:ids)")
					.param("ids", batch)
					.update());
	}

	/** The keys of a group that have none of the hashes. */
	List<Long> findOthers(long groupId, Set<KeyHash> kept) {
		return this.jdbc.sql("select id, secret_hash from keymux_provider_key where group_id = ?")
			.param(groupId)
			.query((row, _) -> Map.entry(row.getLong("id"), KeyHash.parse(row.getString("secret_hash"))))
			.list()
			.stream()
			.filter((key) -> !kept.contains(key.getValue()))
			.map(Map.Entry::getKey)
			.toList();
	}

	/** Lets keys take turns or not and answers how many changed. */
	int enable(long groupId, Collection<Long> ids, boolean enabled) {
		return eachOwn(groupId, ids,
				(batch) -> this.jdbc
					.sql("update keymux_provider_key set enabled = :enabled where id in (:ids) and enabled <> :enabled")
					.param("enabled", enabled)
					.param("ids", batch)
					.update());
	}

	/** Copies keys into another group, where nothing speaks against them yet. */
	int copy(long fromGroupId, long toGroupId, Collection<Long> ids) {
		LocalDateTime now = KeyStateColumns.utc(this.time.instant());
		return eachOwn(fromGroupId, ids,
				(batch) -> this.jdbc
					.sql("insert into keymux_provider_key "
							+ "(group_id, secret, secret_hash, masked, enabled, weight, note, created_at) "
							+ "select :toGroupId, secret, secret_hash, masked, enabled, weight, note, :now "
							+ "from keymux_provider_key where id in (:ids) order by id")
					.param("toGroupId", toGroupId)
					.param("now", now)
					.param("ids", batch)
					.update());
	}

	/** Forgets what spoke against the keys and answers which of them exist. */
	List<Long> restore(long groupId, Collection<Long> ids) {
		List<Long> own = own(groupId, ids);
		batches(own).forEach((batch) -> this.jdbc
			.sql("update keymux_provider_key set status = 'active', status_until = null, probes = 0, failures = 0 "
					+ "where id in (:ids)")
			.param("ids", batch)
			.update());
		return own;
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

	/**
	 * Those of the keys that belong to the group. By id alone: embedded databases would
	 * compare a list of ids with every key of the group.
	 */
	private List<Long> own(long groupId, Collection<Long> ids) {
		return eachBatch(ids,
				(batch) -> this.jdbc.sql("select id, group_id from keymux_provider_key where id in (:ids) order by id")
					.param("ids", batch)
					.query((row, _) -> Map.entry(row.getLong("id"), row.getLong("group_id")))
					.list()
					.stream()
					.filter((key) -> key.getValue() == groupId)
					.map(Map.Entry::getKey)
					.toList());
	}

	private int eachOwn(long groupId, Collection<Long> ids, ToIntFunction<List<Long>> update) {
		return batches(own(groupId, ids)).stream().mapToInt(update).sum();
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
