package io.keymux.gateway.record;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A page of records, the latest first.
 *
 * @param items the records; a page may be short, or even empty, before the end
 * @param next id behind which the next page begins, or null at the end
 */
public record RecordPage(List<RequestRecord> items, @Nullable String next) {

	public RecordPage {
		items = List.copyOf(items);
	}

}
