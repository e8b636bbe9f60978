package io.keymux.gateway.key;

import org.jspecify.annotations.Nullable;

/**
 * Which keys of a group to list.
 *
 * @param page number of the page, from 0
 * @param size keys on a page
 * @param condition only keys in this condition, or null
 * @param text only keys whose masked form or note contains it, or null
 * @param secret only this very key, or null
 */
public record KeyQuery(int page, int size, @Nullable KeyCondition condition, @Nullable String text,
		@Nullable String secret) {

	/**
	 * All keys, or all of one condition, on one page.
	 * @param condition the condition, or null
	 * @return the query
	 */
	public static KeyQuery all(@Nullable KeyCondition condition) {
		return new KeyQuery(0, Integer.MAX_VALUE, condition, null, null);
	}

	long offset() {
		return (long) this.page * this.size;
	}

	@Override
	public String toString() {
		return "KeyQuery[page=" + this.page + "]";
	}

}
