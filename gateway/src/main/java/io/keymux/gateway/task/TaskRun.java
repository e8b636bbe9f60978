package io.keymux.gateway.task;

import io.keymux.gateway.audit.Actor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A task while this node works on it. */
public final class TaskRun {

	static final JsonMapper json = JsonMapper.builder().build();

	private final long id;

	private final Actor actor;

	private final String kind;

	private final String target;

	private final String parameters;

	private volatile Progress progress = new Progress(0, null, null);

	private volatile boolean cancelled;

	private volatile @Nullable End end;

	TaskRun(long id, Actor actor, String kind, String target, String parameters) {
		this.id = id;
		this.actor = actor;
		this.kind = kind;
		this.target = target;
		this.parameters = parameters;
	}

	public long id() {
		return this.id;
	}

	/**
	 * Who started the task: what it changes is changed by him.
	 * @return the actor
	 */
	public Actor actor() {
		return this.actor;
	}

	String kind() {
		return this.kind;
	}

	public String target() {
		return this.target;
	}

	/**
	 * What exactly is to be done.
	 * @param <T> type of the parameters
	 * @param type type they were started with
	 * @return the parameters
	 */
	public <T> T parameters(Class<T> type) {
		return json.readValue(this.parameters, type);
	}

	/**
	 * Tells how far the task is. Also the place where it ends if someone called it off.
	 * @param done steps that are done
	 * @param total steps there are, or null if nobody knows
	 * @param result what has come of it so far, without secrets
	 */
	public void progress(long done, @Nullable Long total, Object result) {
		this.progress = new Progress(done, total, json.valueToTree(result));
		checkCancelled();
	}

	/** Ends the task here if someone called it off. */
	public void checkCancelled() {
		if (this.cancelled) {
			throw new TaskCancelled();
		}
	}

	Progress progress() {
		return this.progress;
	}

	void cancel() {
		this.cancelled = true;
	}

	@Nullable End end() {
		return this.end;
	}

	void end(TaskState state, @Nullable String error) {
		this.end = new End(state, error);
	}

	record Progress(long done, @Nullable Long total, @Nullable JsonNode result) {
	}

	record End(TaskState state, @Nullable String error) {
	}

	/** Unwinds a task that was called off. */
	static final class TaskCancelled extends RuntimeException {

		private static final long serialVersionUID = 1L;

		TaskCancelled() {
			super("The task was cancelled", null, false, false);
		}

	}

}
