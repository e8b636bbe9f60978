package io.keymux.gateway.record;

import java.util.List;

/** Counts records in the very transaction that stores them, so that each counts once. */
public interface RecordCounter {

	/**
	 * Counts a batch; called once for each batch, on the writing thread.
	 * @param batch records, with cost
	 * @return what stores the counts within the running transaction; it may have to run
	 * again after a failure, and then has the same effect as if it had run once
	 */
	Runnable count(List<RequestRecord> batch);

}
