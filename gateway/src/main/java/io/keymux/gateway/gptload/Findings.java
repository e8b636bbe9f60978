package io.keymux.gateway.gptload;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Collects what does not arrive as it was. */
final class Findings {

	private static final int MAX_NAME = 100;

	private static final int MAX_IDS = 10;

	private final List<Finding> list = new ArrayList<>();

	/** Notes that something is moved, but not as it was. */
	void changed(String where, String what, String why) {
		this.list.add(new Finding(Finding.Kind.CHANGED, where, what, why));
	}

	/** Notes that something is not moved. */
	void left(String where, String what, String why) {
		this.list.add(new Finding(Finding.Kind.LEFT, where, what, why));
	}

	List<Finding> list() {
		return List.copyOf(this.list);
	}

	/**
	 * A name from the database as a terminal may show it.
	 * @param name the name; not a value, which could be a secret
	 * @return the name in quotes, without control characters, not too long
	 */
	static String quoted(String name) {
		String shown = name.replaceAll("\\p{Cntrl}", "?");
		return "'%s'".formatted((shown.length() <= MAX_NAME) ? shown : shown.substring(0, MAX_NAME) + "…");
	}

	/**
	 * A number of things.
	 * @param count how many
	 * @param thing what, in the singular
	 * @return for example {@code 3 provider keys}
	 */
	static String count(long count, String thing) {
		return "%d %s%s".formatted(count, thing, (count == 1) ? "" : "s");
	}

	/**
	 * Rows by their ids, the first of them if there are many.
	 * @param ids the ids, at least one
	 * @return for example {@code 2 with ids 4, 7}
	 */
	static String ids(List<Long> ids) {
		String named = ids.stream().limit(MAX_IDS).map(String::valueOf).collect(Collectors.joining(", "));
		return "%d with %s %s%s".formatted(ids.size(), (ids.size() == 1) ? "id" : "ids", named,
				(ids.size() > MAX_IDS) ? ", …" : "");
	}

}
