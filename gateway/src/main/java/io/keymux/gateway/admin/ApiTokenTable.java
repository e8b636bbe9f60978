package io.keymux.gateway.admin;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.keymux.gateway.crypto.KeyHash;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/** Reads and writes API tokens. */
@Component
class ApiTokenTable {

	private final ApiTokenRows rows;

	private final InstantSource time;

	ApiTokenTable(ApiTokenRows rows, InstantSource time) {
		this.rows = rows;
		this.time = time;
	}

	/** Makes writers of API tokens take turns until the end of the transaction. */
	void lock() {
		this.rows.lock();
	}

	void nextRevision() {
		this.rows.nextRevision();
	}

	List<StoredApiToken> findAll() {
		return this.rows.findAllByOrderById().stream().map(ApiTokenTable::read).toList();
	}

	List<Hashed> findAllHashed() {
		return this.rows.findAll()
			.stream()
			.map((row) -> new Hashed(read(row), KeyHash.parse(row.secretHash())))
			.toList();
	}

	Optional<StoredApiToken> find(long id) {
		return this.rows.findById(id).map(ApiTokenTable::read);
	}

	Optional<StoredApiToken> findByName(String name) {
		return this.rows.findByName(name).map(ApiTokenTable::read);
	}

	StoredApiToken insert(ApiToken token, KeyHash hash) {
		return read(this.rows.save(row(null, token, 1, hash.text(), utc(this.time.instant()))));
	}

	StoredApiToken update(ApiToken token) {
		ApiTokenRow before = this.rows.findById(token.id()).orElseThrow();
		return read(
				this.rows.save(row(token.id(), token, before.version() + 1, before.secretHash(), before.createdAt())));
	}

	StoredApiToken replaceSecret(ApiToken token, KeyHash hash) {
		ApiTokenRow before = this.rows.findById(token.id()).orElseThrow();
		return read(this.rows.save(row(token.id(), token, before.version() + 1, hash.text(), before.createdAt())));
	}

	void delete(long id) {
		this.rows.deleteById(id);
	}

	private static ApiTokenRow row(@Nullable Long id, ApiToken token, long version, String hash,
			LocalDateTime createdAt) {
		Instant expiresAt = token.expiresAt();
		return new ApiTokenRow(id, token.name(), version, token.role().title(), hash, token.masked(), token.enabled(),
				(expiresAt != null) ? utc(expiresAt) : null, createdAt);
	}

	private static StoredApiToken read(ApiTokenRow row) {
		LocalDateTime expiresAt = row.expiresAt();
		return new StoredApiToken(
				new ApiToken(Objects.requireNonNull(row.id()), row.name(), Role.of(row.role()), row.masked(),
						row.enabled(), (expiresAt != null) ? expiresAt.toInstant(ZoneOffset.UTC) : null),
				row.version(), row.createdAt().toInstant(ZoneOffset.UTC));
	}

	private static LocalDateTime utc(Instant instant) {
		return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
	}

	/** An API token with what finds it. */
	record Hashed(StoredApiToken stored, KeyHash hash) {
	}

}
