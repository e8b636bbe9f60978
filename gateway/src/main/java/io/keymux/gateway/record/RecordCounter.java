package io.keymux.gateway.record;

import java.util.List;

/** Counts records in the very transaction that stores them, so that each counts once. */
public interface RecordCounter {

	/**
	 * Counts records that are to be stored in one transaction; called on the writing
	 * thread. Nothing counts before that transaction is committed: a batch that is given
	 * up never does, and its parts are counted anew, each as a batch of its own.
	 * @param batch records, with cost
	 * @return what stores the counts within the running transaction; it runs again in
	 * each further attempt, also after a commit of which nobody knows whether it
	 * happened, and then has the same effect as if it had run once; where it fails, the
	 * transaction must not be committed
	 */
	Runnable count(List<RequestRecord> batch);

}
