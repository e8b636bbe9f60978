package io.keymux.gateway.access;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.keymux.gateway.crypto.KeyHash;
import io.keymux.gateway.limit.Limits;
import io.keymux.gateway.limit.Quota;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/** Reads and writes access keys. */
@Component
class AccessKeyTable {

	private static final JsonMapper json = JsonMapper.shared();

	private final AccessKeyRows rows;

	private final InstantSource time;

	AccessKeyTable(AccessKeyRows rows, InstantSource time) {
		this.rows = rows;
		this.time = time;
	}

	/** Makes writers of access keys take turns until the end of the transaction. */
	void lock() {
		this.rows.lock();
	}

	void nextRevision() {
		this.rows.nextRevision();
	}

	List<StoredAccessKey> findAll() {
		return this.rows.findAllByOrderById().stream().map(AccessKeyTable::read).toList();
	}

	/**
	 * Each access key with the hashes of its secret and of the one before, if that may
	 * work.
	 */
	List<Hashed> findAllHashed() {
		return this.rows.findAll().stream().map((row) -> {
			String previous = row.previousHash();
			return new Hashed(read(row).key(), KeyHash.parse(row.secretHash()),
					(previous != null && row.previousUntil() != null) ? KeyHash.parse(previous) : null);
		}).toList();
	}

	Optional<StoredAccessKey> find(long id) {
		return this.rows.findById(id).map(AccessKeyTable::read);
	}

	Optional<StoredAccessKey> findByName(String name) {
		return this.rows.findByName(name).map(AccessKeyTable::read);
	}

	Optional<StoredAccessKey> findByHash(KeyHash hash) {
		return this.rows.findByHash(hash.text()).map(AccessKeyTable::read);
	}

	StoredAccessKey insert(AccessKey key, KeyHash hash) {
		return read(this.rows.save(row(null, key, 1, hash.text(), null, utc(this.time.instant()))));
	}

	StoredAccessKey update(AccessKey key) {
		AccessKeyRow before = this.rows.findById(key.id()).orElseThrow();
		return read(this.rows.save(row(key.id(), key, before.version() + 1, before.secretHash(), before.previousHash(),
				before.createdAt())));
	}

	/**
	 * The former secret is kept: it may go on working, and even if it does not, nobody
	 * declares it anew by mistake.
	 */
	StoredAccessKey replaceSecret(AccessKey key, KeyHash hash) {
		AccessKeyRow before = this.rows.findById(key.id()).orElseThrow();
		return read(this.rows
			.save(row(key.id(), key, before.version() + 1, hash.text(), before.secretHash(), before.createdAt())));
	}

	void delete(long id) {
		this.rows.deleteById(id);
	}

	private static AccessKeyRow row(@Nullable Long id, AccessKey key, long version, String hash,
			@Nullable String previousHash, LocalDateTime createdAt) {
		Quota quota = key.quota();
		return new AccessKeyRow(id, key.name(), version, hash, key.masked(), json.writeValueAsString(key.groups()),
				json.writeValueAsString(key.models()), key.enabled(), utcOrNull(key.expiresAt()),
				json.writeValueAsString(key.limits()), (quota != null) ? json.writeValueAsString(quota) : null,
				createdAt, previousHash, utcOrNull(key.previousUntil()));
	}

	private static StoredAccessKey read(AccessKeyRow row) {
		TypeReference<List<String>> strings = new TypeReference<>() {
		};
		String limits = row.limits();
		String quota = row.quota();
		return new StoredAccessKey(new AccessKey(Objects.requireNonNull(row.id()), row.name(), row.masked(),
				json.readValue(row.groupNames(), strings), json.readValue(row.models(), strings), row.enabled(),
				instantOrNull(row.expiresAt()), instantOrNull(row.previousUntil()),
				(limits != null) ? json.readValue(limits, Limits.class) : Limits.none(),
				(quota != null) ? json.readValue(quota, Quota.class) : null), row.version());
	}

	private static @Nullable LocalDateTime utcOrNull(@Nullable Instant instant) {
		return (instant != null) ? utc(instant) : null;
	}

	private static @Nullable Instant instantOrNull(@Nullable LocalDateTime time) {
		return (time != null) ? time.toInstant(ZoneOffset.UTC) : null;
	}

	private static LocalDateTime utc(Instant instant) {
		return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
	}

	/** An access key with what finds it. */
	record Hashed(AccessKey key, KeyHash hash, @Nullable KeyHash previous) {
	}

}
