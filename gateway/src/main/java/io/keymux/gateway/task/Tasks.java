package io.keymux.gateway.task;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.cluster.Node;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Service;

/** What an operator may do with tasks; all methods block. */
@Service
public class Tasks {

	private static final Duration KEPT = Duration.ofDays(30);

	private final TaskTable table;

	private final TaskRunner runner;

	private final Map<String, TaskJob> jobs;

	private final Node node;

	private final AuditLog audit;

	private final ChangeBus changes;

	private final InstantSource time;

	Tasks(TaskTable table, TaskRunner runner, List<TaskJob> jobs, Node node, AuditLog audit, ChangeBus changes,
			InstantSource time) {
		this.table = table;
		this.runner = runner;
		this.jobs = jobs.stream().collect(Collectors.toUnmodifiableMap(TaskJob::kind, Function.identity()));
		this.node = node;
		this.audit = audit;
		this.changes = changes;
		this.time = time;
	}

	/**
	 * Starts a task on this node.
	 * @param actor who starts it
	 * @param kind kind of a {@link TaskJob}
	 * @param target what it is done to, such as the name of a group
	 * @param parameters what exactly is to be done, without secrets
	 * @return the task, running
	 */
	public Task start(Actor actor, String kind, String target, Object parameters) {
		return start(actor, kind, target, TaskRun.json.writeValueAsString(parameters), null);
	}

	private Task start(Actor actor, String kind, String target, String parameters, @Nullable Long repeatOf) {
		TaskJob job = this.jobs.get(kind);
		if (job == null) {
			throw new Problem.NotFound("This node knows no task '%s'.".formatted(kind));
		}
		Instant now = this.time.instant();
		long id = this.changes.write(() -> {
			this.table.deleteFinished(now.minus(KEPT));
			long created = this.table.insert(actor, kind, target, parameters, this.node.id(), repeatOf, now);
			this.audit.record(actor, "task.start", target, null,
					Map.of("task", created, "kind", kind, "parameters", TaskRun.json.readTree(parameters)));
			return created;
		});
		this.runner.start(new TaskRun(id, actor, kind, target, parameters), job);
		return get(id);
	}

	/**
	 * Does the work of a failed or cancelled task again, as a new task.
	 * @param actor who wants it
	 * @param id the task
	 * @return the new task, running
	 */
	public Task repeat(Actor actor, long id) {
		Task task = get(id);
		if (task.state() == TaskState.RUNNING || task.state() == TaskState.COMPLETED) {
			throw new Problem.Conflict("Task %d is %s (expected: failed or cancelled).".formatted(id, name(task)));
		}
		return start(actor, task.kind(), task.target(), this.table.parameters(id).orElseThrow(), id);
	}

	/**
	 * Calls a task off; it ends at its next step, and what it has done stays done.
	 * @param actor who wants it
	 * @param id the task
	 * @return the task as it is now
	 */
	public Task cancel(Actor actor, long id) {
		Task task = get(id);
		if (task.state() == TaskState.CANCELLED) {
			return task;
		}
		boolean requested = this.changes.write(() -> {
			boolean runs = this.table.requestCancel(id);
			if (runs) {
				this.audit.record(actor, "task.cancel", task.target(), null, Map.of("task", id, "kind", task.kind()));
			}
			return runs;
		});
		if (!requested) {
			throw new Problem.Conflict("Task %d is %s already.".formatted(id, name(get(id))));
		}
		this.runner.cancel(id);
		return get(id);
	}

	/**
	 * Finds a task that must exist.
	 * @param id its identity
	 * @return the task as it is now
	 * @throws Problem.NotFound if there is none
	 */
	public Task get(long id) {
		return this.table.find(id)
			.map(this.runner::fresh)
			.orElseThrow(() -> new Problem.NotFound("Task %d does not exist.".formatted(id)));
	}

	/**
	 * Whether a task is for admins alone, also to be repeated or called off.
	 * @param id its identity
	 * @return false if operators may do so
	 * @throws Problem.NotFound if there is no such task
	 */
	public boolean forAdmins(long id) {
		TaskJob job = this.jobs.get(get(id).kind());
		return job == null || job.forAdmins();
	}

	/**
	 * Lists tasks, the newest first.
	 * @param state only in this state, or null
	 * @param page number of the page, from 0
	 * @param size tasks on a page
	 * @return the tasks of the page
	 */
	public List<Task> list(@Nullable TaskState state, int page, int size) {
		return this.table.page(state, size, (long) page * size).stream().map(this.runner::fresh).toList();
	}

	/**
	 * Counts tasks.
	 * @param state only in this state, or null
	 * @return how many there are
	 */
	public long count(@Nullable TaskState state) {
		return this.table.count(state);
	}

	private static String name(Task task) {
		return task.state().name().toLowerCase(java.util.Locale.ROOT);
	}

}
