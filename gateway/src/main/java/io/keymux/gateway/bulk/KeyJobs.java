package io.keymux.gateway.bulk;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.task.Task;
import io.keymux.gateway.task.Tasks;

import org.springframework.stereotype.Service;

/** Starts long jobs over many keys. */
@Service
public class KeyJobs {

	private final Tasks tasks;

	private final ProviderKeys keys;

	KeyJobs(Tasks tasks, ProviderKeys keys) {
		this.tasks = tasks;
		this.keys = keys;
	}

	/**
	 * Starts a job.
	 * @param actor who wants it
	 * @param group the group
	 * @param job what is done to the keys
	 * @param selection which keys
	 * @return the task
	 */
	public Task start(Actor actor, String group, KeyAction job, KeySelection selection) {
		selection.check();
		this.keys.checkTakesKeys(group);
		return this.tasks.start(actor, job.kind(), group, selection);
	}

}
