package io.keymux.gateway.management;

import io.keymux.gateway.task.TaskJob;
import io.keymux.gateway.task.TaskRun;

import org.springframework.boot.test.context.TestComponent;

/** A task that does not get as far as an exception. */
@TestComponent
class BrokenJob implements TaskJob {

	static final String KIND = "broken";

	@Override
	public String kind() {
		return KIND;
	}

	@Override
	public void run(TaskRun run) {
		throw new StackOverflowError("for a test");
	}

}
