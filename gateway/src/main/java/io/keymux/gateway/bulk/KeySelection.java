package io.keymux.gateway.bulk;

import java.util.List;

import io.keymux.gateway.key.KeyCondition;
import io.keymux.gateway.key.KeyQuery;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Which keys of a group a job is for: some by id, those a filter finds, or all.
 *
 * @param ids the keys, or null
 * @param status only keys in this condition, or null
 * @param text only keys whose masked form or note contains it, or null
 * @param all true for every key of the group, else null
 */
public record KeySelection(@Nullable List<Long> ids, @Nullable KeyCondition status, @Nullable String text,
		@Nullable Boolean all) {

	/** Refuses a selection that does not say which keys are meant. */
	void check() {
		boolean filtered = this.status != null || this.text != null;
		int ways = ((this.ids != null) ? 1 : 0) + (filtered ? 1 : 0) + (Boolean.TRUE.equals(this.all) ? 1 : 0);
		if (ways != 1) {
			throw new Problem.Invalid("", "expected: ids, or status and text, or all: true");
		}
	}

	/** The query that finds them, or null if they are named by id. */
	@Nullable KeyQuery query() {
		return (this.ids == null) ? new KeyQuery(0, Integer.MAX_VALUE, this.status, this.text, null) : null;
	}

}
