package io.keymux.gateway.management;

import java.util.List;
import java.util.function.Function;

import io.keymux.gateway.problem.FieldErrors;

/**
 * One page of a list.
 *
 * @param items what is on the page
 * @param page number of the page, from 0
 * @param size items a page may hold
 * @param total items on all pages
 */
record Page<T>(List<T> items, int page, int size, long total) {

	static final String FIRST = "0";

	static final String SIZE = "50";

	private static final int MAX_SIZE = 1000;

	/** Cuts a page out of a whole list. */
	static <S, T> Page<T> of(List<S> all, int page, int size, Function<S, T> read) {
		check(page, size);
		return new Page<>(all.stream().skip((long) page * size).limit(size).map(read).toList(), page, size, all.size());
	}

	static void check(int page, int size) {
		FieldErrors errors = new FieldErrors();
		errors.check(page >= 0, "page", "%d (expected: at least 0)".formatted(page));
		errors.check(size >= 1 && size <= MAX_SIZE, "size", "%d (expected: from 1 to %d)".formatted(size, MAX_SIZE));
		errors.throwIfAny();
	}

}
