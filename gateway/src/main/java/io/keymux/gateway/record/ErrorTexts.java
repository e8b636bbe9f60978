package io.keymux.gateway.record;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The texts of errors, each stored once. There are few, as they come without numbers and
 * identities; of the many that a caller may provoke, the first ten thousand of a day are
 * kept.
 */
@Component
class ErrorTexts {

	private static final String ANOTHER = "one of too many different errors; its attempts tell more";

	private static final int MAX_LENGTH = 600;

	private static final int CACHED = 2000;

	private static final int A_DAY = 10_000;

	private final JdbcClient jdbc;

	/**
	 * Ids by day and text, of those that were seen last; used by the writing thread
	 * alone.
	 */
	private final Map<Seen, Long> ids = new LinkedHashMap<>(16, 0.75F, true) {
		@Override
		protected boolean removeEldestEntry(Map.Entry<Seen, Long> eldest) {
			return size() > CACHED;
		}
	};

	private int day;

	private int fresh;

	ErrorTexts(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** The ids of the records' errors, null where there is none; stores new ones. */
	List<@Nullable Long> ids(List<RequestRecord> records) {
		List<@Nullable Long> found = new ArrayList<>(records.size());
		for (RequestRecord record : records) {
			String error = record.error();
			found.add((error != null) ? id(RecordId.day(record.time()), error) : null);
		}
		return found;
	}

	private long id(int onDay, String error) {
		String text = (error.length() > MAX_LENGTH) ? error.substring(0, MAX_LENGTH) : error;
		Long known = this.ids.get(new Seen(onDay, text));
		if (known != null) {
			return known;
		}
		if (this.day != onDay) {
			this.day = onDay;
			this.fresh = 0;
		}
		if (++this.fresh > A_DAY && !text.equals(ANOTHER)) {
			return id(onDay, ANOTHER);
		}
		long id = store(onDay, text);
		this.ids.put(new Seen(onDay, text), id);
		return id;
	}

	private long store(int onDay, String text) {
		String hash = hash(text);
		int updated = this.jdbc
			.sql("update keymux_record_error set last_day = greatest(last_day, ?) where text_hash = ?")
			.params(onDay, hash)
			.update();
		if (updated == 0) {
			this.jdbc.sql("insert ignore into keymux_record_error (text_hash, error_text, last_day) values (?, ?, ?)")
				.params(hash, text, onDay)
				.update();
		}
		return this.jdbc.sql("select id from keymux_record_error where text_hash = ?")
			.param(hash)
			.query(Long.class)
			.single();
	}

	/** Texts that contain a text, the latest first. */
	List<Long> matching(String part, int limit) {
		String pattern = "%" + part.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%";
		return this.jdbc
			.sql("select id from keymux_record_error where lower(error_text) like ? escape '!' "
					+ "order by last_day desc, id desc limit ?")
			.params(pattern, limit)
			.query((row, _) -> row.getLong(1))
			.list();
	}

	Map<Long, String> texts(List<Long> wanted) {
		Map<Long, String> texts = new LinkedHashMap<>();
		if (!wanted.isEmpty()) {
			this.jdbc.sql("select id, error_text from keymux_record_error where id in (:ids)")
				.param("ids", wanted)
				.query((row) -> {
					texts.put(row.getLong(1), row.getString(2));
				});
		}
		return texts;
	}

	/** Forgets texts that no record has any more. */
	void forgetBefore(int firstDay) {
		this.jdbc.sql("delete from keymux_record_error where last_day < ?").param(firstDay).update();
	}

	private static String hash(String text) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record Seen(int day, String text) {
	}

}
