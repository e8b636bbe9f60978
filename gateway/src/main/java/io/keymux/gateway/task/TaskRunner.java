package io.keymux.gateway.task;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.cluster.Node;
import io.keymux.gateway.cluster.Ticker;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Runs tasks, each on a thread of its own, and every second stores how far they are,
 * which is also the sign that this node lives.
 */
@Component
class TaskRunner implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(TaskRunner.class);

	private static final Duration SILENCE = Duration.ofSeconds(15);

	private static final Duration BEAT = Duration.ofSeconds(1);

	private static final Duration SWEEP = Duration.ofSeconds(5);

	private static final Duration STOP = Duration.ofSeconds(5);

	private final TaskTable table;

	private final Node node;

	private final AuditLog audit;

	private final ChangeBus changes;

	private final InstantSource time;

	private final Map<Long, TaskRun> runs = new ConcurrentHashMap<>();

	private final Ticker beats = new Ticker("tasks", BEAT, this::beat);

	private final Ticker sweeps = new Ticker("lost-tasks", SWEEP, this::sweep);

	private volatile boolean stopping;

	private boolean failing;

	TaskRunner(TaskTable table, Node node, AuditLog audit, ChangeBus changes, InstantSource time) {
		this.table = table;
		this.node = node;
		this.audit = audit;
		this.changes = changes;
		this.time = time;
	}

	void start(TaskRun run, TaskJob job) {
		this.runs.put(run.id(), run);
		Thread.ofVirtual().name("task-" + run.id()).start(() -> {
			run(run, job);
			beat();
		});
	}

	void cancel(long id) {
		TaskRun run = this.runs.get(id);
		if (run != null) {
			run.cancel();
		}
	}

	/** The task with the progress that is not stored yet. */
	Task fresh(Task stored) {
		TaskRun run = this.runs.get(stored.id());
		if (run == null || stored.state() != TaskState.RUNNING) {
			return stored;
		}
		TaskRun.Progress progress = run.progress();
		return new Task(stored.id(), stored.kind(), stored.target(), stored.state(), progress.done(), progress.total(),
				progress.result(), stored.error(), stored.startedBy(), stored.node(), stored.repeatOf(),
				stored.createdAt(), stored.finishedAt());
	}

	private void run(TaskRun run, TaskJob job) {
		try {
			job.run(run);
			run.end(TaskState.COMPLETED, null);
		}
		catch (TaskRun.TaskCancelled ex) {
			end(run);
		}
		catch (Problem problem) {
			run.end(TaskState.FAILED, problem.getMessage());
		}
		catch (RuntimeException | Error ex) {
			logger.error("Task {} ({}) failed", run.id(), run.kind(), ex);
			run.end(TaskState.FAILED, "Unexpected (%s); the log of node %s says more"
				.formatted(ex.getClass().getSimpleName(), this.node.id()));
		}
	}

	private void end(TaskRun run) {
		if (this.stopping) {
			run.end(TaskState.FAILED, stopped(this.node.id()));
		}
		else {
			run.end(TaskState.CANCELLED, null);
		}
	}

	/** A database that is away ends no task: it is written when it is back. */
	private synchronized void beat() {
		try {
			List.copyOf(this.runs.values()).forEach(this::write);
			this.table.cancelRequested(this.node.id()).forEach(this::cancel);
			this.failing = false;
		}
		catch (DataAccessException | TransactionException ex) {
			if (!this.failing) {
				logger.warn("Tasks cannot be stored now and will be later: {}", ex.getClass().getSimpleName());
			}
			this.failing = true;
		}
	}

	private void write(TaskRun run) {
		TaskRun.End end = run.end();
		boolean ours = this.changes.write(() -> {
			boolean written = this.table.write(run, this.node.id(), this.time.instant());
			if (written && end != null) {
				this.audit.record(run.actor(), "task.end", run.target(), null, summary(run, end));
			}
			return written;
		});
		if (!ours) {
			logger.warn("Task {} is not this node's any more and ends here", run.id());
			run.cancel();
		}
		if (!ours || end != null) {
			this.runs.remove(run.id());
		}
	}

	private static Summary summary(TaskRun run, TaskRun.End end) {
		return new Summary(run.id(), run.kind(), end.state(), run.progress().result(), end.error());
	}

	private void sweep() {
		try {
			Instant now = this.time.instant();
			Instant since = now.minus(SILENCE);
			this.table.findSilent(since).forEach((task) -> fail(task, since, now));
		}
		catch (DataAccessException | TransactionException ex) {
			logger.debug("Silent tasks are looked for later", ex);
		}
	}

	private void fail(Task task, Instant since, Instant now) {
		String error = stopped(task.node());
		boolean failed = this.changes.write(() -> {
			boolean ours = this.table.failSilent(task.id(), error, since, now);
			if (ours) {
				this.audit.record(Actor.system("tasks"), "task.end", task.target(), null,
						new Summary(task.id(), task.kind(), TaskState.FAILED, task.result(), error));
			}
			return ours;
		});
		if (failed) {
			logger.warn("Task {} ({}) is marked failed: node {} stopped while it ran", task.id(), task.kind(),
					task.node());
		}
	}

	private static String stopped(String node) {
		return "Node %s stopped while it ran; repeat the task to finish it".formatted(node);
	}

	@Override
	public void start() {
		this.stopping = false;
		this.beats.start(BEAT);
		this.sweeps.start(Duration.ZERO);
	}

	/** Ends what runs at its next step, so that it can be repeated elsewhere at once. */
	@Override
	public void stop() {
		if (!this.beats.running()) {
			return;
		}
		this.stopping = true;
		this.runs.values().forEach(TaskRun::cancel);
		long deadline = System.nanoTime() + STOP.toNanos();
		while (!this.runs.isEmpty() && System.nanoTime() < deadline) {
			java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
		}
		this.beats.stop();
		this.sweeps.stop();
	}

	@Override
	public boolean isRunning() {
		return this.beats.running();
	}

	/**
	 * Starts after everything tasks use, and stops before it; before the records too,
	 * which may take a while to store.
	 */
	@Override
	public int getPhase() {
		return 90;
	}

	private record Summary(long task, String kind, TaskState state, @Nullable JsonNode result, @Nullable String error) {
	}

}
