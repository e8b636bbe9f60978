package io.keymux.gateway.management;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.keymux.gateway.admin.Administrator;
import io.keymux.gateway.admin.Role;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.task.Task;
import io.keymux.gateway.task.TaskState;
import io.keymux.gateway.task.Tasks;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Tasks over HTTP. */
@Tag(name = "Tasks")
@RestController
@RequestMapping(path = "/api/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
class TaskController {

	private static final Duration TICK = Duration.ofMillis(500);

	private final Tasks tasks;

	private final Blocking blocking;

	TaskController(Tasks tasks, Blocking blocking) {
		this.tasks = tasks;
		this.blocking = blocking;
	}

	/** The answer to a request that starts a task. */
	static ResponseEntity<Task> accepted(Task task) {
		return ResponseEntity.accepted().location(URI.create("/api/tasks/" + task.id())).body(task);
	}

	@Operation(summary = "Lists tasks, the newest first")
	@GetMapping
	Page<Task> list(@RequestParam(defaultValue = Page.FIRST) int page, @RequestParam(defaultValue = Page.SIZE) int size,
			@RequestParam(required = false) @Nullable String state) {
		Page.check(page, size);
		TaskState only = state(state);
		List<Task> found = this.tasks.list(only, page, size);
		return new Page<>(found, page, size, this.tasks.count(only));
	}

	@Operation(summary = "Shows a task")
	@GetMapping("/{id}")
	Task get(@PathVariable long id) {
		return this.tasks.get(id);
	}

	@Operation(summary = "Calls a task off; what it has done stays done")
	@DeleteMapping("/{id}")
	Task cancel(Actor actor, @AuthenticationPrincipal Administrator administrator, @PathVariable long id) {
		checkRole(administrator, id);
		return this.tasks.cancel(actor, id);
	}

	@Operation(summary = "Does the work of a failed or cancelled task again, as a new task")
	@PostMapping("/{id}/repeat")
	@ResponseStatus(HttpStatus.ACCEPTED)
	ResponseEntity<Task> repeat(Actor actor, @AuthenticationPrincipal Administrator administrator,
			@PathVariable long id) {
		checkRole(administrator, id);
		return accepted(this.tasks.repeat(actor, id));
	}

	@Operation(summary = "Tells each change of a task until it ends")
	@ApiResponse(responseCode = "200",
			content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
					schema = @Schema(implementation = Event.class)))
	@GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<Task>> events(@PathVariable long id) {
		return Flux.interval(Duration.ZERO, TICK)
			.onBackpressureDrop()
			.concatMap((_) -> this.blocking.one(() -> this.tasks.get(id)), 1)
			.distinctUntilChanged()
			.takeUntil((task) -> task.state() != TaskState.RUNNING)
			.map((task) -> ServerSentEvent.builder(task).event("task").build());
	}

	private void checkRole(Administrator administrator, long id) {
		if (this.tasks.forAdmins(id) && !administrator.role().includes(Role.ADMIN)) {
			throw SecurityProblem.roleNeeded(Role.ADMIN);
		}
	}

	/**
	 * One event of the stream, as the OpenAPI document shows it.
	 *
	 * @param event its name
	 * @param data the task as JSON
	 */
	@Schema(name = "TaskEvent")
	private record Event(@Schema(allowableValues = "task") String event,
			@Schema(contentMediaType = MediaType.APPLICATION_JSON_VALUE) String data) {
	}

	private static @Nullable TaskState state(@Nullable String name) {
		if (name == null) {
			return null;
		}
		for (TaskState state : TaskState.values()) {
			if (state.name().toLowerCase(Locale.ROOT).equals(name)) {
				return state;
			}
		}
		throw new Problem.Invalid("state", "'%s' (expected: running, completed, failed or cancelled)".formatted(name));
	}

}
