package io.keymux.gateway.task;

/** What tasks of one kind do. */
public interface TaskJob {

	/**
	 * The kind.
	 * @return its name in the API, such as {@code key-import}
	 */
	String kind();

	/**
	 * Whether it is for admins alone, also to be repeated or called off.
	 * @return false if operators may do so
	 */
	default boolean forAdmins() {
		return false;
	}

	/**
	 * Does the work on a thread of its own; it may block. What is done twice must do no
	 * harm: a task whose node died can be repeated.
	 * @param run tells what is to be done and takes the progress
	 * @throws io.keymux.gateway.problem.Problem if it cannot be done
	 */
	void run(TaskRun run);

}
