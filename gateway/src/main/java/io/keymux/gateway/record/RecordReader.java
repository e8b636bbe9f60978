package io.keymux.gateway.record;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Reads records, the latest first. A page begins behind an id, not at a number, and costs
 * the same wherever it is: of the conditions the one that the fewest records keep there
 * leads to candidates, and the others are checked on these. When few of many candidates
 * are wanted, a page ends early and says where the next one goes on.
 */
@Component
public class RecordReader {

	/** How long a page looks for candidates before it ends early. */
	private static final Duration BUDGET = Duration.ofMillis(60);

	/** Candidates that are looked at together. */
	private static final int FIRST_LOOK = 100;

	private static final int MIN_LOOK = 25;

	private static final int MAX_LOOK = 800;

	/** Candidates of each condition that are compared to find the rarest. */
	private static final int PROBED = 100;

	/** Texts of errors that are looked up one by one. */
	private static final int FEW_ERRORS = 25;

	private static final int MANY_ERRORS = 2000;

	private static final int EXPORTED = 500;

	/** Index of each column and the id. */
	private static final Map<String, String> INDEXES = Map.of("trace_id", "keymux_record_trace", "error_id",
			"keymux_record_error", "provider_key_id", "keymux_record_provider_key", "access_key",
			"keymux_record_access_key", "group_name", "keymux_record_group", "model", "keymux_record_model", "status",
			"keymux_record_status", "status_class", "keymux_record_status_class", "outcome", "keymux_record_outcome");

	private static final String ROW = String.join(", ", RecordTable.COLUMNS);

	private final JdbcTemplate jdbc;

	private final RecordDatabase database;

	private final ErrorTexts errors;

	private final BodyTable bodies;

	RecordReader(JdbcTemplate jdbc, RecordDatabase database, ErrorTexts errors, BodyTable bodies) {
		this.jdbc = jdbc;
		this.database = database;
		this.errors = errors;
		this.bodies = bodies;
	}

	/**
	 * Reads a record. Blocks.
	 * @param id its id
	 * @return the record, if it is there
	 */
	public Optional<RequestRecord> find(String id) {
		if (!RecordId.valid(id)) {
			return Optional.empty();
		}
		byte[] key = RecordId.bytes(id);
		return rows(RecordId.day(key), List.of(key), List.of()).stream().findFirst();
	}

	/**
	 * Reads a recorded body. Blocks.
	 * @param id id of the record
	 * @param response whether the answer's body is asked for, and not the request's
	 * @return the body, empty of bytes if this node cannot open it, or null if none was
	 * kept
	 */
	public @Nullable RecordedBody body(String id, boolean response) {
		return this.bodies.find(id, response ? BodyTable.RESPONSE : BodyTable.REQUEST);
	}

	/**
	 * Reads a page. Blocks.
	 * @param query which records
	 * @param after id behind which the page begins, or null for the first page
	 * @param size records at most
	 * @return the page
	 */
	public RecordPage page(RecordQuery query, @Nullable String after, int size) {
		List<Condition> conditions = conditions(query);
		if (conditions == null) {
			return new RecordPage(List.of(), null);
		}
		long end = System.nanoTime() + BUDGET.toNanos();
		Range range = Range.of(query, after);
		Lead lead = lead(conditions, range, size);
		List<Condition> others = conditions.stream().filter((each) -> !each.equals(lead.condition())).toList();
		List<byte[]> candidates = lead.first();
		int look = lead.look();
		List<RequestRecord> found = new ArrayList<>();
		while (true) {
			long begin = System.nanoTime();
			for (RequestRecord record : rows(candidates, others)) {
				if (found.size() == size) {
					return new RecordPage(found, found.getLast().id());
				}
				found.add(record);
			}
			if (candidates.size() < look) {
				return new RecordPage(found, null);
			}
			long now = System.nanoTime();
			byte[] last = candidates.getLast();
			if (now - end > 0) {
				return new RecordPage(found, RecordId.text(last));
			}
			look = look(look, now - begin, end - now);
			range = range.behind(last);
			candidates = candidates(lead.condition(), range, look);
		}
	}

	/** As many as the rest of the time is likely to be enough for. */
	private static int look(int former, long took, long left) {
		long affordable = left * former / Math.max(1, took);
		return (int) Math.clamp(affordable, MIN_LOOK, Math.min(MAX_LOOK, former * 2L));
	}

	/**
	 * The condition that the fewest records keep in a range, and the first of these
	 * records: all there are, or those that reach the furthest.
	 */
	private Lead lead(List<Condition> conditions, Range range, int size) {
		List<Condition> leading = conditions.stream().filter(Condition::leads).toList();
		if (leading.size() < 2) {
			int look = (conditions.size() == leading.size()) ? size + 1 : Math.max(FIRST_LOOK, size + 1);
			Condition only = leading.isEmpty() ? Condition.NONE : leading.getFirst();
			return new Lead(only, look, candidates(only, range, look));
		}
		Lead rarest = null;
		for (Condition condition : leading) {
			Lead lead = new Lead(condition, PROBED, candidates(condition, range, PROBED));
			if (lead.first().size() < PROBED) {
				return lead;
			}
			rarest = (rarest == null || lead.reachesFurther(rarest)) ? lead : rarest;
		}
		return Objects.requireNonNull(rarest);
	}

	/**
	 * Reads all records, page by page as they are taken. Blocks.
	 * @param query which records
	 * @return the records
	 */
	public Stream<RequestRecord> all(RecordQuery query) {
		return StreamSupport.stream(
				Spliterators.spliteratorUnknownSize(new Pages(query), Spliterator.ORDERED | Spliterator.NONNULL),
				false);
	}

	/** What records have to keep, or null if none can. */
	private @Nullable List<Condition> conditions(RecordQuery query) {
		List<Condition> all = new ArrayList<>();
		add(all, "trace_id", query.traceId());
		String error = query.error();
		if (error != null) {
			List<Long> texts = this.errors.matching(error, MANY_ERRORS);
			if (texts.isEmpty()) {
				return null;
			}
			all.add(new Condition("error_id", INDEXES.get("error_id"), List.copyOf(texts), texts.size() <= FEW_ERRORS));
		}
		add(all, "provider_key_id", query.providerKey());
		add(all, "access_key", query.accessKey());
		add(all, "group_name", query.group());
		add(all, "model", query.model());
		Integer status = query.status();
		add(all, (status != null && status < 10) ? "status_class" : "status", status);
		RecordOutcome outcome = query.outcome();
		add(all, "outcome", (outcome != null) ? outcome.key() : null);
		Boolean stream = query.stream();
		if (stream != null) {
			all.add(new Condition("stream", null, List.of(stream), false));
		}
		return all;
	}

	private static void add(List<Condition> all, String column, @Nullable Object value) {
		if (value != null) {
			all.add(new Condition(column, INDEXES.get(column), List.of(value), true));
		}
	}

	private List<byte[]> candidates(Condition lead, Range range, int limit) {
		List<Object> values = lead.values();
		String index = (lead.index() != null) ? lead.index() : "primary";
		String select = "select id from keymux_record" + this.database.force(index) + " where "
				+ (values.isEmpty() ? "" : lead.column() + " = ? and ")
				+ "id < ? and id >= ? and epoch_day between ? and ? order by id desc limit " + limit;
		if (values.size() <= 1) {
			return ids(select, range.arguments(values.isEmpty() ? null : values.getFirst()));
		}
		String union = String.join(" union all ", Collections.nCopies(values.size(), "(" + select + ")"));
		Object[] arguments = values.stream().flatMap((each) -> Arrays.stream(range.arguments(each))).toArray();
		return ids(union, arguments).stream()
			.sorted((one, other) -> Arrays.compareUnsigned(other, one))
			.limit(limit)
			.toList();
	}

	private List<byte[]> ids(String sql, Object[] arguments) {
		return this.jdbc.query(sql, (row, _) -> row.getBytes(1), arguments);
	}

	/** The rows of candidates that keep the other conditions, day by day. */
	private List<RequestRecord> rows(List<byte[]> candidates, List<Condition> conditions) {
		Map<Integer, List<byte[]>> days = new TreeMap<>(Collections.reverseOrder());
		for (byte[] id : candidates) {
			days.computeIfAbsent(RecordId.day(id), (_) -> new ArrayList<>()).add(id);
		}
		List<RequestRecord> found = new ArrayList<>();
		days.forEach((day, ids) -> found.addAll(rows(day, ids, conditions)));
		return found;
	}

	private List<RequestRecord> rows(int day, List<byte[]> ids, List<Condition> conditions) {
		List<Object> arguments = new ArrayList<>(List.of(day));
		arguments.addAll(ids);
		conditions.forEach((condition) -> arguments.addAll(condition.values()));
		String filter = conditions.stream().map(Condition::sql).collect(Collectors.joining());
		String sql = "select " + ROW + " from keymux_record" + this.database.force("primary")
				+ " where epoch_day = ? and id in (" + places(ids.size()) + ")" + filter + " order by id desc";
		List<Found> found = this.jdbc.query(sql,
				(row, _) -> new Found(RecordTable.read(row), RecordTable.number(row, "error_id")), arguments.toArray());
		Map<Long, String> texts = this.errors
			.texts(found.stream().map(Found::errorId).filter(Objects::nonNull).distinct().toList());
		return found.stream()
			.map((each) -> (each.errorId() != null) ? each.record().withError(texts.get(each.errorId()))
					: each.record())
			.toList();
	}

	private static String places(int count) {
		return String.join(", ", Collections.nCopies(count, "?"));
	}

	private record Found(RequestRecord record, @Nullable Long errorId) {
	}

	/**
	 * One condition.
	 *
	 * @param column its column
	 * @param index index of that column and the id, or null
	 * @param values values of which a record has one
	 * @param leads whether the index may lead to candidates
	 */
	private record Condition(String column, @Nullable String index, List<Object> values, boolean leads) {

		/** That every record keeps. */
		static final Condition NONE = new Condition("id", null, List.of(), false);

		String sql() {
			return " and " + this.column
					+ ((this.values.size() == 1) ? " = ?" : " in (" + places(this.values.size()) + ")");
		}

	}

	/**
	 * The condition that leads to candidates.
	 *
	 * @param condition the condition
	 * @param look candidates that were asked for
	 * @param first the first ones
	 */
	private record Lead(Condition condition, int look, List<byte[]> first) {

		boolean reachesFurther(Lead other) {
			return Arrays.compareUnsigned(this.first.getLast(), other.first.getLast()) < 0;
		}

	}

	/**
	 * The ids a page may hold.
	 *
	 * @param before below this one
	 * @param from from this one on
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	private record Range(byte[] before, byte[] from) {

		static Range of(RecordQuery query, @Nullable String after) {
			byte[] before = (after != null) ? RecordId.bytes(after) : RecordId.last();
			Instant to = query.to();
			byte[] end = (to != null) ? RecordId.first(to) : before;
			Instant from = query.from();
			return new Range((Arrays.compareUnsigned(before, end) < 0) ? before : end,
					RecordId.first((from != null) ? from : Instant.EPOCH));
		}

		Range behind(byte[] last) {
			return new Range(last, this.from);
		}

		Object[] arguments(@Nullable Object lead) {
			Object[] own = { this.before, this.from, RecordId.day(this.from), RecordId.day(this.before) };
			if (lead == null) {
				return own;
			}
			Object[] all = new Object[own.length + 1];
			all[0] = lead;
			System.arraycopy(own, 0, all, 1, own.length);
			return all;
		}

	}

	/** All records of a query, read when they are asked for. */
	private final class Pages implements Iterator<RequestRecord> {

		private final RecordQuery query;

		private Iterator<RequestRecord> page = Collections.emptyIterator();

		private @Nullable String after;

		private boolean last;

		Pages(RecordQuery query) {
			this.query = query;
		}

		@Override
		public boolean hasNext() {
			while (!this.page.hasNext() && !this.last) {
				RecordPage read = RecordReader.this.page(this.query, this.after, EXPORTED);
				this.page = read.items().iterator();
				this.after = read.next();
				this.last = this.after == null;
			}
			return this.page.hasNext();
		}

		@Override
		public RequestRecord next() {
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			return this.page.next();
		}

	}

}
