package io.keymux.gateway.record;

import org.jspecify.annotations.Nullable;

/** Takes in records of requests that have ended. */
public interface RequestRecords {

	/**
	 * Takes in a record; returns at once and never fails.
	 * @param record the record, without cost
	 * @param request body of the request, or null if it is not to be kept
	 * @param response body of the answer, or null if it is not to be kept
	 */
	void add(RequestRecord record, @Nullable RecordedBody request, @Nullable RecordedBody response);

}
