package io.keymux.gateway.audit;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Remembers who changed what. An entry belongs to the transaction of its change: both
 * stand or neither does.
 */
@Component
public class AuditLog {

	private static final int EXPORT_PAGE = 500;

	private static final JsonMapper json = JsonMapper.builder().build();

	private static final ScopedValue<List<AuditEntry>> WATCHED = ScopedValue.newInstance();

	private final AuditTable table;

	private final InstantSource time;

	AuditLog(AuditTable table, InstantSource time) {
		this.table = table;
		this.time = time;
	}

	/**
	 * Notes a change.
	 * @param actor who makes it
	 * @param action what is done, such as {@code group.update}
	 * @param target what it is done to
	 * @param before the target before, without secrets, or null
	 * @param after the target after, without secrets, or null
	 */
	public void record(Actor actor, String action, String target, @Nullable Object before, @Nullable Object after) {
		AuditEntry entry = new AuditEntry(0, this.time.instant().truncatedTo(ChronoUnit.MICROS), actor, action, target,
				node(before), node(after));
		this.table.insert(entry);
		if (WATCHED.isBound()) {
			WATCHED.get().add(entry);
		}
	}

	/**
	 * Runs changes and tells what was noted meanwhile, even if they are rolled back.
	 * @param changes the changes
	 * @return the entries, in order
	 */
	public List<AuditEntry> watch(Runnable changes) {
		List<AuditEntry> entries = new ArrayList<>();
		ScopedValue.where(WATCHED, entries).run(changes);
		return entries;
	}

	/**
	 * Reads entries, the newest first.
	 * @param query which of them
	 * @param limit how many at most
	 * @return the entries
	 */
	public List<AuditEntry> find(AuditQuery query, int limit) {
		return this.table.find(query, limit);
	}

	/**
	 * Reads all entries of a query, the newest first, some hundreds at a time.
	 * @param query which of them
	 * @return the entries, read as they are asked for
	 */
	public Stream<AuditEntry> all(AuditQuery query) {
		return Stream
			.iterate(find(query, EXPORT_PAGE), (page) -> !page.isEmpty(),
					(page) -> find(query.after(page.getLast().id()), EXPORT_PAGE))
			.flatMap(List::stream);
	}

	private static @Nullable JsonNode node(@Nullable Object value) {
		return (value != null) ? json.valueToTree(value) : null;
	}

}
