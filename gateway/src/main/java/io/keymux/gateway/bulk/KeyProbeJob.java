package io.keymux.gateway.bulk;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.key.KeyExamination.Finding;
import io.keymux.gateway.key.KeyExamination;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.task.TaskJob;
import io.keymux.gateway.task.TaskRun;

import org.springframework.stereotype.Component;

/** Asks the provider about each key; the pool takes note of the answers. */
@Component
class KeyProbeJob implements TaskJob {

	private final ProviderKeys keys;

	private final KeyExamination examination;

	KeyProbeJob(ProviderKeys keys, KeyExamination examination) {
		this.keys = keys;
		this.examination = examination;
	}

	@Override
	public String kind() {
		return KeyAction.PROBE.kind();
	}

	@Override
	public void run(TaskRun run) {
		List<Long> ids = KeyBatchJob.ids(this.keys, run);
		Map<Finding, Integer> findings = new EnumMap<>(Finding.class);
		for (Finding finding : Finding.values()) {
			findings.put(finding, 0);
		}
		run.progress(0, (long) ids.size(), findings);
		int[] done = { 0 };
		this.examination.examine(run.target(), ids, (finding) -> {
			findings.merge(finding, 1, Integer::sum);
			run.progress(++done[0], (long) ids.size(), findings);
		});
	}

}
