package io.keymux.gateway.bulk;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

import io.keymux.gateway.crypto.SecretCipher;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What imports of keys still have to do, sealed, so that it outlives its node. */
@Component
class KeyPieces {

	private static final Duration KEPT = Duration.ofDays(7);

	private final JdbcClient jdbc;

	private final SecretCipher cipher;

	private final InstantSource time;

	KeyPieces(JdbcClient jdbc, SecretCipher cipher, InstantSource time) {
		this.jdbc = jdbc;
		this.cipher = cipher;
		this.time = time;
	}

	void add(String upload, int piece, List<String> keys) {
		this.jdbc.sql(
				"insert into keymux_key_import (upload, piece, line_count, secrets, created_at) values (?, ?, ?, ?, ?)")
			.param(upload)
			.param(piece)
			.param(keys.size())
			.param(this.cipher.seal(String.join("\n", keys), context(upload, piece)))
			.param(utc(this.time.instant()))
			.update();
	}

	/** The first piece that is left; locked until the transaction ends. */
	Optional<Piece> first(String upload) {
		return this.jdbc
			.sql("select piece, secrets from keymux_key_import where upload = ? order by piece limit 1 for update")
			.param(upload)
			.query((row, _) -> {
				int piece = row.getInt("piece");
				String keys = this.cipher.open(row.getString("secrets"), context(upload, piece));
				return new Piece(piece, List.of(keys.split("\n", -1)));
			})
			.optional();
	}

	long linesLeft(String upload) {
		return this.jdbc.sql("select coalesce(sum(line_count), 0) from keymux_key_import where upload = ?")
			.param(upload)
			.query(Long.class)
			.single();
	}

	void delete(String upload, int piece) {
		this.jdbc.sql("delete from keymux_key_import where upload = ? and piece = ?").params(upload, piece).update();
	}

	void deleteAll(String upload) {
		this.jdbc.sql("delete from keymux_key_import where upload = ?").param(upload).update();
	}

	/** Forgets what nobody came back for. */
	void deleteOld() {
		this.jdbc.sql("delete from keymux_key_import where created_at < ?")
			.param(utc(this.time.instant().minus(KEPT)))
			.update();
	}

	static String context(String upload, int piece) {
		return upload + "/" + piece;
	}

	private static LocalDateTime utc(Instant instant) {
		return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
	}

	/** Some keys of an upload. */
	record Piece(int number, List<String> keys) {

		@Override
		public String toString() {
			return "Piece[number=" + this.number + "]";
		}

	}

}
