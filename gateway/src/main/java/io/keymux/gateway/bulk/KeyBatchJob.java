package io.keymux.gateway.bulk;

import java.util.List;

import io.keymux.gateway.key.KeyQuery;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.task.TaskJob;
import io.keymux.gateway.task.TaskRun;

/** Changes keys, some hundreds in one transaction. */
final class KeyBatchJob implements TaskJob {

	private static final int BATCH = 500;

	private final KeyAction action;

	private final ProviderKeys keys;

	private final Change change;

	KeyBatchJob(KeyAction action, ProviderKeys keys, Change change) {
		this.action = action;
		this.keys = keys;
		this.change = change;
	}

	@Override
	public String kind() {
		return this.action.kind();
	}

	@Override
	public void run(TaskRun run) {
		List<Long> ids = ids(this.keys, run);
		int changed = 0;
		run.progress(0, (long) ids.size(), new Changed(0));
		for (int from = 0; from < ids.size(); from += BATCH) {
			int to = Math.min(from + BATCH, ids.size());
			changed += this.change.apply(run.target(), ids.subList(from, to));
			run.progress(to, (long) ids.size(), new Changed(changed));
		}
	}

	/** The keys a task is for, as they are when it starts. */
	static List<Long> ids(ProviderKeys keys, TaskRun run) {
		KeySelection selection = run.parameters(KeySelection.class);
		KeyQuery query = selection.query();
		List<Long> named = selection.ids();
		return (query != null) ? keys.select(run.target(), query) : (named != null) ? named : List.of();
	}

	/** What is done to a batch of keys; answers how many it concerned. */
	interface Change {

		int apply(String group, List<Long> ids);

	}

	/** What came of the job. */
	record Changed(int changed) {
	}

}
